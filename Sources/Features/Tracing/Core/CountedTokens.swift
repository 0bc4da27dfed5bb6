import SQLCore

/// What the span called `s` adds to the token counts of its project.
///
/// Two instrumentations around one call report its tokens twice: a model call, that is a span of kind
/// `LLM`, with another one directly below it. Only the inner one counts, even when it tells no tokens.
/// The outer one is marked in `spans.wraps_model_call`, which whoever inserts or deletes spans keeps
/// right. Sums over traces, sessions and ancestors count both.
enum CountedTokens {
    static let prompt: SQL =
        "CASE WHEN s.wraps_model_call = 1 THEN 0 ELSE COALESCE(s.llm_token_count_prompt, 0) END"

    static let completion: SQL =
        "CASE WHEN s.wraps_model_call = 1 THEN 0 ELSE COALESCE(s.llm_token_count_completion, 0) END"
}
