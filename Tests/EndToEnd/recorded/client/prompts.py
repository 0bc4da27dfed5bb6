from __future__ import annotations

from typing import Any

from phoenix.client.types import PromptVersion
from phoenix.client.utils.template_formatters import FStringBaseTemplateFormatter
from support.client_calls import Calls, unknown

CREATE, GET, UPDATE, DELETE = (
    "prompts.create", "prompts.get", "prompts.update", "prompts.delete",
)  # fmt: skip
TAG, TAGS = "prompts.tags.create", "prompts.tags.list"


def text(content: str, role: str = "user") -> Any:
    return {"role": role, "content": content}


def version(content: str = "Hello {{ name }}", **more: Any) -> PromptVersion:
    return PromptVersion([text(content)], **{"model_name": "gpt-4o", **more})


def prompts(ask: Calls) -> None:
    """Prompts by name and id, their tags, their descriptions."""
    first = ask("create", CREATE, name="greeting", version=version())
    second = ask("create-second", CREATE, name="greeting",
                 version=version("Hi {{ name }}", description="shorter"))  # fmt: skip
    ask("create-same-again", CREATE, name="greeting", version=version("Hi {{ name }}"))
    ask("create-described", CREATE, name="described", version=version(),
        prompt_description="words", prompt_metadata={"team": "a", "n": [1, None]})  # fmt: skip
    ask("create-described-anew", CREATE, name="described", version=version("other"),
        prompt_description="other words", prompt_metadata={"team": "b"})  # fmt: skip
    for number, name in enumerate(
        ["", " ", "Upper", "with space", "under_score", "dash-", "-dash", "é", "a/b", "9", "a" * 300]
    ):
        ask(f"create-name-{number}", CREATE, name=name, version=version())

    ask("get", GET, prompt_identifier="greeting")
    ask("get-version", GET, prompt_version_id=first.id)
    ask("get-second-version", GET, prompt_version_id=second.id)
    ask("get-unknown", GET, prompt_identifier="no-such-prompt")
    ask("get-unknown-id", GET, prompt_identifier=unknown("Prompt"))
    ask("get-unknown-version", GET, prompt_version_id=unknown("PromptVersion"))
    ask("get-odd-version", GET, prompt_version_id="nonsense")
    ask("get-version-of-another-kind", GET, prompt_version_id=unknown("Prompt"))
    ask("get-nothing", GET)

    ask("tag", TAG, prompt_version_id=first.id, name="production", description="live")
    ask("tag-another", TAG, prompt_version_id=first.id, name="staging")
    ask("tag-list", TAGS, prompt_version_id=first.id)
    ask("tag-moves", TAG, prompt_version_id=second.id, name="production")
    ask("tag-again", TAG, prompt_version_id=second.id, name="production", description="again")
    for number, name in enumerate(["", "With Space", "under_score", "Upper", "é", "-x", "a/b"]):
        ask(f"tag-name-{number}", TAG, prompt_version_id=second.id, name=name)
    ask("tag-unknown", TAG, prompt_version_id=unknown("PromptVersion"), name="production")
    ask("tag-odd", TAG, prompt_version_id="nonsense", name="production")
    ask("tag-list-first", TAGS, prompt_version_id=first.id)
    ask("tag-list-second", TAGS, prompt_version_id=second.id)
    ask("tag-list-unknown", TAGS, prompt_version_id=unknown("PromptVersion"))
    ask("tag-list-odd", TAGS, prompt_version_id="nonsense")
    ask("get-tag", GET, prompt_identifier="greeting", tag="production")
    ask("get-staging", GET, prompt_identifier="greeting", tag="staging")
    ask("get-unknown-tag", GET, prompt_identifier="greeting", tag="none")
    ask("get-tag-of-unknown", GET, prompt_identifier="no-such-prompt", tag="production")
    ask("get-odd-tag", GET, prompt_identifier="greeting", tag="Odd Tag/é")

    updated = ask("update", UPDATE, prompt_identifier="greeting", prompt_description="welcomes",
                  prompt_metadata={"k": {"nested": [1]}})  # fmt: skip
    ask("update-description", UPDATE, prompt_identifier="greeting", prompt_description="only")
    ask("update-metadata", UPDATE, prompt_identifier="greeting", prompt_metadata={})
    ask("update-clears", UPDATE, prompt_identifier="greeting", prompt_description=None)
    ask("update-by-id", UPDATE, prompt_identifier=updated["id"], prompt_description="by id")
    ask("update-nothing", UPDATE, prompt_identifier="greeting")
    ask("update-unknown", UPDATE, prompt_identifier="no-such-prompt", prompt_description="x")
    ask("update-unknown-id", UPDATE, prompt_identifier=unknown("Prompt"), prompt_description="x")
    ask("get-by-id", GET, prompt_identifier=updated["id"])
    ask("get-tag-by-id", GET, prompt_identifier=updated["id"], tag="staging")

    ask("delete", DELETE, prompt_identifier="greeting")
    ask("delete-again", DELETE, prompt_identifier="greeting")
    ask("delete-unknown-id", DELETE, prompt_identifier=unknown("Prompt"))
    ask("delete-id-of-another-kind", DELETE, prompt_identifier=unknown("Dataset"))
    ask("get-deleted", GET, prompt_identifier="greeting")
    ask("get-version-of-deleted", GET, prompt_version_id=first.id)
    ask("tags-of-deleted", TAGS, prompt_version_id=second.id)
    ask.forget()
    ask("create-after-delete", CREATE, name="greeting", version=version("Back"))


#: Providers with invocation parameters that each takes, under the name of the provider there.
PROVIDERS = {
    "OPENAI": ("openai", {"temperature": 0.5, "max_completion_tokens": 10, "seed": 1, "top_p": 0.9,
                          "frequency_penalty": 0.1, "presence_penalty": 0.2,
                          "reasoning_effort": "low"}),
    "AZURE_OPENAI": ("azure_openai", {"temperature": 0, "max_tokens": 10}),
    "ANTHROPIC": ("anthropic", {"max_tokens": 3000, "temperature": 0.3, "top_p": 0.5,
                                "stop_sequences": ["END"],
                                "thinking": {"type": "enabled", "budget_tokens": 2000}}),
    "GOOGLE": ("google", {"temperature": 0.1, "max_output_tokens": 5, "top_k": 3, "top_p": 0.4,
                          "stop_sequences": ["x"], "presence_penalty": 0.1,
                          "frequency_penalty": 0.2}),
    "DEEPSEEK": ("deepseek", {"temperature": 1}),
    "XAI": ("xai", {"temperature": 1, "reasoning_effort": "high"}),
    "OLLAMA": ("ollama", {"temperature": 1, "seed": 4}),
    "AWS": ("aws", {"max_tokens": 12, "temperature": 0.2, "top_p": 0.1, "stop_sequences": ["s"]}),
    "CEREBRAS": ("cerebras", {"temperature": 1}),
    "FIREWORKS": ("fireworks", {"temperature": 1}),
    "GROQ": ("groq", {"temperature": 1}),
    "MOONSHOT": ("moonshot", {"temperature": 1}),
    "MINIMAX": ("openai", {"temperature": 1}),
    "PERPLEXITY": ("perplexity", {"temperature": 1}),
    "TOGETHER": ("together", {"temperature": 1}),
    "ZAI": ("zai", {"temperature": 1}),
    "META": ("meta", {"temperature": 1}),
}  # fmt: skip

FUNCTION = {
    "name": "weather",
    "description": "Tells the weather.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "enum": ["Rome", "Oslo"]}, "days": {"type": "integer"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}  # fmt: skip


def versions(ask: Calls) -> None:
    """Versions as they are sent: providers, formats, parts of messages, tools, answers' formats."""

    def create(name: str, made: PromptVersion, **parts: Any) -> None:
        for key, value in parts.items():
            setattr(made, f"_{key}", value)
        stored = ask(name, CREATE, name="versions", version=made)
        if stored:
            ask(f"{name}-get", GET, prompt_version_id=stored.id)
        else:
            ask.note(f"{name}-get", lambda: None)

    for provider, (key, parameters) in PROVIDERS.items():
        low = provider.lower()
        create(f"{low}-bare", version(model_provider=provider))
        create(f"{low}-parameters", version(model_provider=provider),
               invocation_parameters={"type": key, key: parameters})  # fmt: skip
    openai = lambda **more: {"type": "openai", "openai": more}  # noqa: E731
    create("parameter-unknown", version(), invocation_parameters=openai(nonsense=1))
    create("parameter-of-a-wrong-type", version(), invocation_parameters=openai(temperature="hot"))
    create("parameter-too-large", version(), invocation_parameters=openai(temperature=99))
    create("parameters-of-another", version(model_provider="ANTHROPIC"),
           invocation_parameters=openai(temperature=1))  # fmt: skip
    create("thinking-beyond-tokens", version(model_provider="ANTHROPIC"), invocation_parameters={
        "type": "anthropic",
        "anthropic": {"max_tokens": 5, "thinking": {"type": "enabled", "budget_tokens": 9}}})  # fmt: skip
    create("parameters-missing", version(model_provider="ANTHROPIC"),
           invocation_parameters={"type": "anthropic", "anthropic": {}})  # fmt: skip
    create("thinking-disabled", version(model_provider="ANTHROPIC"), invocation_parameters={
        "type": "anthropic", "anthropic": {"max_tokens": 5, "thinking": {"type": "disabled"}}})  # fmt: skip
    create("provider-unknown", version(), model_provider="NOBODY")

    for form in ("MUSTACHE", "F_STRING", "NONE", "JINJA"):
        create(f"format-{form.lower()}", version("Hi {name} {{ name }}", template_format=form))
    create("template-unclosed", version("Hi {{ name"))
    create("template-unclosed-f-string", version("Hi {name", template_format="F_STRING"))
    create("template-empty", version(""))
    create("no-messages", PromptVersion([], model_name="m"))
    create("no-model", version(model_name=""))
    create("described", version(description="a longer story"))

    def messages(*made: Any, **more: Any) -> PromptVersion:
        return PromptVersion(list(made), **{"model_name": "m", **more})

    for role in ("user", "assistant", "model", "ai", "tool", "system", "developer", "nobody"):
        create(f"role-{role}", messages(text("x", role)))
    part = {"type": "text", "text": "part {{ x }}"}
    call = {"type": "tool_call", "tool_call_id": "c1",
            "tool_call": {"type": "function", "name": "weather", "arguments": '{"city": "Rome"}'}}  # fmt: skip
    result = {"type": "tool_result", "tool_call_id": "c1", "tool_result": {"degrees": [21]}}
    create("parts", messages(
        {"role": "system", "content": [part]},
        {"role": "user", "content": [part, part]},
        {"role": "assistant", "content": [call]},
        {"role": "tool", "content": [result]},
        {"role": "tool", "content": [{**result, "tool_result": "text"}]},
    ))  # fmt: skip
    create("part-unknown", messages({"role": "user", "content": [{"type": "nonsense"}]}))
    create("parts-none", messages({"role": "user", "content": []}))
    create("part-image", messages({"role": "user", "content": [
        {"type": "image", "image": {"url": "https://example.com/a.png"}}]}))  # fmt: skip
    create("content-missing", messages({"role": "user"}))

    tools = lambda *made, **more: {"type": "tools", "tools": list(made), **more}  # noqa: E731
    function = {"type": "function", "function": FUNCTION}
    create("tools", version(), tools=tools(function))
    create("tools-two", version(), tools=tools(function, {"type": "function", "function": {
        "name": "bare"}}, tool_choice={"type": "zero_or_more"}))  # fmt: skip
    for choice in ("none", "zero_or_more", "one_or_more", "nonsense"):
        create(f"tool-choice-{choice}", version(),
               tools=tools(function, tool_choice={"type": choice}))  # fmt: skip
    create("tool-choice-specific", version(), tools=tools(
        function, tool_choice={"type": "specific_function", "function_name": "weather"}))  # fmt: skip
    create("tools-not-parallel", version(),
           tools=tools(function, disable_parallel_tool_calls=True))  # fmt: skip
    create("tools-none", version(), tools=tools())
    create("tools-twice-the-name", version(), tools=tools(function, function))
    create("tools-raw", version(), tools=tools({"type": "raw", "raw": {"type": "web_search"}}))
    create("tools-unknown", version(), tools=tools({"type": "nonsense"}))
    create("tools-anthropic", version(model_provider="ANTHROPIC"), tools=tools(
        function, tool_choice={"type": "one_or_more"}, disable_parallel_tool_calls=True))  # fmt: skip
    create("tools-google", version(model_provider="GOOGLE"), tools=tools(function))

    shape = {"type": "json_schema", "json_schema": {
        "name": "answer", "description": "An answer.", "strict": True,
        "schema": {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]}}}  # fmt: skip
    create("response-format", version(), response_format=shape)
    create("response-format-bare", version(), response_format={
        "type": "json_schema", "json_schema": {"name": "bare"}})  # fmt: skip
    create("response-format-unknown", version(), response_format={"type": "nonsense"})
    create("response-format-google", version(model_provider="GOOGLE"), response_format=shape)


def conversions(ask: Calls) -> None:
    """There and back: the shapes of OpenAI, Anthropic and Google."""

    def convert(name: str, made: Any, sdks: tuple[str | None, ...] = (None,), **more: Any) -> None:
        built = ask.note(f"{name}-built", made)
        stored = ask(f"{name}-create", CREATE, name=f"conv-{name}", version=built)
        got = ask(f"{name}-get", GET, prompt_version_id=str(stored.id))
        for sdk in sdks:
            ask.note(f"{name}-format{'-' + sdk if sdk else ''}",
                     lambda sdk=sdk: got.format(sdk=sdk, **more))  # fmt: skip

    names = {"variables": {"city": "Rome", "name": "Ada"}}
    tool = {"type": "function", "function": {k: FUNCTION[k] for k in FUNCTION}}
    all_three = ("openai", "anthropic", "google_genai")
    convert("openai", lambda: PromptVersion.from_openai({
        "model": "gpt-4o", "temperature": 0.2, "max_tokens": 50, "seed": 7,
        "messages": [
            {"role": "system", "content": "You are {{ name }}."},
            {"role": "user", "content": [{"type": "text", "text": "Weather in {{ city }}?"}]},
        ]}), all_three, **names)  # fmt: skip
    convert("openai-tools", lambda: PromptVersion.from_openai({
        "model": "gpt-4o", "tools": [tool], "tool_choice": "required",
        "parallel_tool_calls": False,
        "messages": [
            {"role": "user", "content": "Weather in {{ city }}?"},
            {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {
                "name": "weather", "arguments": '{"city": "{{ city }}"}'}}]},
            {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
        ]}), **names)  # fmt: skip
    convert("openai-choice", lambda: PromptVersion.from_openai({
        "model": "gpt-4o", "tools": [tool], "messages": [{"role": "user", "content": "x"}],
        "tool_choice": {"type": "function", "function": {"name": "weather"}}}))  # fmt: skip
    convert("openai-schema", lambda: PromptVersion.from_openai({
        "model": "gpt-4o", "messages": [{"role": "user", "content": "x"}],
        "response_format": {"type": "json_schema", "json_schema": {
            "name": "answer", "schema": {"type": "object"}, "strict": True}}}))  # fmt: skip
    convert("openai-f-string", lambda: PromptVersion.from_openai(
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "In {city}: {{}}"}]},
        template_format="F_STRING", description="braces"), **names)  # fmt: skip
    convert("openai-no-template", lambda: PromptVersion.from_openai(
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "In {city} {{ city }}"}]},
        template_format="NONE"), **names)  # fmt: skip
    convert("openai-other-formatter", lambda: PromptVersion.from_openai(
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "In {city}"}]}),
        formatter=FStringBaseTemplateFormatter(), **names)  # fmt: skip
    for provider in ("AZURE_OPENAI", "DEEPSEEK", "XAI", "OLLAMA"):
        convert(f"openai-{provider.lower().replace('_', '-')}", lambda p=provider: (
            PromptVersion.from_openai({"model": "m", "temperature": 1, "messages": [
                {"role": "user", "content": "{{ city }}"}]}, model_provider=p)), **names)  # fmt: skip
    convert("anthropic", lambda: PromptVersion.from_anthropic({
        "model": "claude", "max_tokens": 64, "temperature": 0.1, "system": "You are {{ name }}.",
        "stop_sequences": ["END"],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "{{ city }}?"}]}]}),
        all_three, **names)  # fmt: skip
    convert("anthropic-tools", lambda: PromptVersion.from_anthropic({
        "model": "claude", "max_tokens": 64, "tool_choice": {"type": "tool", "name": "weather"},
        "tools": [{"name": "weather", "description": "d", "input_schema": FUNCTION["parameters"]}],
        "messages": [
            {"role": "user", "content": "Weather in {{ city }}?"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "weather",
                                               "input": {"city": "Rome"}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1",
                                          "content": [{"type": "text", "text": "sunny"}]}]},
        ]}), **names)  # fmt: skip
    convert("anthropic-thinking", lambda: PromptVersion.from_anthropic({
        "model": "claude", "max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 2000},
        "messages": [{"role": "user", "content": "think"}]}))  # fmt: skip

    def google(**config: Any) -> PromptVersion:
        from google.genai import types

        return PromptVersion.from_google_genai(
            "gemini",
            [
                types.Content(role="user", parts=[types.Part(text="Weather in {{ city }}?")]),
                types.Content(role="model", parts=[types.Part(text="Which day?")]),
            ],
            config=types.GenerateContentConfig(**config),
        )

    convert("google", lambda: google(temperature=0.3, top_k=5, system_instruction="{{ name }}"),
            all_three, **names)  # fmt: skip
    convert("google-tools", lambda: google(max_output_tokens=9, tools=[
        {"function_declarations": [{"name": "weather", "description": "d",
                                    "parameters_json_schema": FUNCTION["parameters"]}]}]),
        **names)  # fmt: skip
    ask.note("aws-built", lambda: PromptVersion.from_aws({"model": "m", "messages": []}))
