/// The attributes that OpenInference (version 0.1.42 of its semantic conventions) gives a meaning.
enum KnownAttributes {
    static let names: Set<String> = Set(list.split(whereSeparator: \.isWhitespace).map(String.init))

    /// What leads to a known attribute.
    static let prefixes: Set<String> = {
        var prefixes: Set<String> = []
        for name in names {
            var segments = name.split(separator: ".").dropLast()
            while !segments.isEmpty {
                prefixes.insert(segments.joined(separator: "."))
                segments = segments.dropLast()
            }
        }
        return prefixes
    }()

    static let jsonText: Set<String> = [
        "metadata", "llm.prompt_template.variables", "tool.parameters",
    ]

    private static let list = """
        agent.name annotation.annotator_kind annotation.explanation annotation.identifier
        annotation.label annotation.metadata annotation.name annotation.score annotations
        audio.mime_type audio.transcript audio.url completion.text decision.model_name
        decision.provider decision.request.model_name decision.response.model_name decision.system
        decision.token_count.input decision.token_count.output document.content document.id
        document.metadata document.mime_type document.name document.score document.url
        embedding.embeddings embedding.invocation_parameters embedding.model_name embedding.text
        embedding.vector evaluation.annotator_kind evaluation.explanation evaluation.identifier
        evaluation.label evaluation.metadata evaluation.name evaluation.score evaluations
        graph.node.id graph.node.name graph.node.parent_id image.url input.documents input.images
        input.mime_type input.value llm.choices llm.cost.completion llm.cost.completion_details
        llm.cost.completion_details.audio llm.cost.completion_details.output
        llm.cost.completion_details.reasoning llm.cost.prompt llm.cost.prompt_details
        llm.cost.prompt_details.audio llm.cost.prompt_details.cache_input
        llm.cost.prompt_details.cache_read llm.cost.prompt_details.cache_write
        llm.cost.prompt_details.input llm.cost.total llm.finish_reason llm.function_call
        llm.input_messages llm.invocation_parameters llm.model_name llm.output_messages
        llm.prompt_template.template llm.prompt_template.variables llm.prompt_template.version
        llm.prompts llm.provider llm.request.model_name llm.response.model_name llm.system
        llm.token_count.completion llm.token_count.completion_details.audio
        llm.token_count.completion_details.reasoning llm.token_count.prompt
        llm.token_count.prompt_details llm.token_count.prompt_details.audio
        llm.token_count.prompt_details.cache_input llm.token_count.prompt_details.cache_read
        llm.token_count.prompt_details.cache_write llm.token_count.total llm.tools message.content
        message.contents message.function_call_arguments_json message.function_call_name
        message.name message.role message.tool_call_id message.tool_calls message_content.audio
        message_content.data message_content.document message_content.encrypted_content
        message_content.id message_content.image message_content.signature message_content.text
        message_content.type message_content.video metadata openinference.span.kind
        output.documents output.images output.mime_type output.value prompt.id prompt.text
        prompt.url prompt.vendor reranker.input_documents reranker.model_name
        reranker.output_documents reranker.query reranker.top_k retrieval.documents
        session.annotations session.evaluations session.id tag.tags tool.description tool.id
        tool.json_schema tool.name tool.parameters tool_call.function.arguments
        tool_call.function.name tool_call.id tool_call.reasoning_signature trace.annotations
        trace.evaluations user.id video.url
        """
}
