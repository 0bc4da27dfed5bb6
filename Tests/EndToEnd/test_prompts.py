"""Acceptance: prompts through the released Python client, and where it has no method, REST."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from google.genai import types as genai
from phoenix.client.types.prompts import PromptVersion
from support.clients import Either, fresh
from support.server import Server

USER = [{"role": "user", "content": "Say {{word}}."}]


def tags(client: Either, method: str, **arguments: Any) -> Any:
    """`prompts.tags` of the client, sync or async."""
    result = getattr(client._client.prompts.tags, method)(**arguments)
    return client._loop.run_until_complete(result) if inspect.isawaitable(result) else result


def version(text: str = "Say {{word}}.", **more: Any) -> PromptVersion:
    return PromptVersion([{"role": "user", "content": text}], model_name="m", **more)


def message(prompt: PromptVersion) -> Any:
    return prompt._dumps()["template"]["messages"][0]["content"]


@pytest.fixture
def name() -> str:
    return fresh("prompt")


# ---------------------------------------------------------------- versions


def test_the_latest_version_is_found_by_the_name_of_the_prompt(client: Either, name: str) -> None:
    first = client.prompts.create(
        name=name, version=version("one", description="v1"), prompt_description="what it is",
        prompt_metadata={"team": "ml", "n": [1, None]},
    )  # fmt: skip
    second = client.prompts.create(name=name, version=version("two"))
    assert first.id and second.id and first.id != second.id
    latest = client.prompts.get(prompt_identifier=name)
    assert (latest.id, message(latest)) == (second.id, "two")
    again = client.prompts.get(prompt_version_id=first.id)
    assert (again.id, message(again), again._description) == (first.id, "one", "v1")


def test_unknown_prompts_are_value_errors(client: Either, name: str) -> None:
    for arguments in ({"prompt_identifier": name}, {"prompt_identifier": name, "tag": "prod"}):
        with pytest.raises(ValueError, match="Prompt not found"):
            client.prompts.get(**arguments)
    with pytest.raises(ValueError, match="Prompt not found"):
        client.prompts.delete(prompt_identifier=name)
    with pytest.raises(ValueError, match="Prompt not found"):
        client.prompts.update(prompt_identifier=name, prompt_description="x")


def test_a_prompt_is_updated_and_deleted(client: Either, name: str) -> None:
    created = client.prompts.create(name=name, version=version(), prompt_description="old")
    updated = client.prompts.update(
        prompt_identifier=name, prompt_description="new", prompt_metadata={"a": {"b": 1}}
    )
    assert (updated["name"], updated["description"]) == (name, "new")
    assert updated["metadata"] == {"a": {"b": 1}}
    cleared = client.prompts.update(prompt_identifier=updated["id"], prompt_description=None)
    assert "description" not in cleared and cleared["metadata"] == {"a": {"b": 1}}
    client.prompts.delete(prompt_identifier=name)
    for arguments in ({"prompt_identifier": name}, {"prompt_version_id": created.id}):
        with pytest.raises(ValueError):
            client.prompts.get(**arguments)


@pytest.mark.parametrize("bad", ["Upper", "-a", "a b", "a/b", "ä", ""])
def test_a_name_that_is_no_slug_is_refused(client: Either, bad: str) -> None:
    with pytest.raises(httpx.HTTPStatusError) as error:
        client.prompts.create(name=bad, version=version())
    assert error.value.response.status_code == 422


# -------------------------------------------------------------------- tags


def test_a_tag_moves_from_version_to_version(client: Either, name: str) -> None:
    first = client.prompts.create(name=name, version=version("one"))
    second = client.prompts.create(name=name, version=version("two"))
    tags(client, "create", prompt_version_id=first.id, name="prod", description="live")
    tags(client, "create", prompt_version_id=first.id, name="other")
    shown = tags(client, "list", prompt_version_id=first.id)
    assert [(t["name"], t.get("description")) for t in shown] == [("other", None), ("prod", "live")]
    tags(client, "create", prompt_version_id=second.id, name="prod")
    assert [t["name"] for t in tags(client, "list", prompt_version_id=first.id)] == ["other"]
    assert client.prompts.get(prompt_identifier=name, tag="prod").id == second.id


# ------------------------------------------------------------ round trips

OPENAI: dict[str, Any] = {
    "model": "gpt-4o",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": "And {{style}}."},
        {"role": "user", "content": [{"type": "text", "text": "Weather in {{city}}?"}]},
        {
            "role": "assistant",
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "weather", "arguments": '{"city": "Riga"}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "weather",
                "description": "Tells it.",
                "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                    "additionalProperties": False,
                },
                "strict": True,
            },
        }
    ],
    "temperature": 0.25,
    "top_p": 0.5,
    "max_completion_tokens": 100,
    "presence_penalty": 0.125,
    "frequency_penalty": -0.5,
    "seed": 7,
    "stop": ["END"],
    "reasoning_effort": "low",
    "response_format": {
        "type": "json_schema",
        "json_schema": {
            "name": "answer",
            "schema": {"type": "object", "properties": {"a": {"type": "string"}}},
            "strict": True,
        },
    },
}

ANTHROPIC: dict[str, Any] = {
    "model": "claude-sonnet",
    "max_tokens": 4096,
    "system": "Be {{style}}.",
    "messages": [
        {"role": "user", "content": "Weather in {{city}}?"},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Riga"}},
            ],
        },
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "rain"}],
        },
    ],
    "tools": [
        {
            "name": "weather",
            "description": "Tells it.",
            "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
        }
    ],
    "tool_choice": {"type": "any"},
    "stop_sequences": ["END"],
}

TOOL_CHOICES = [
    "none",
    "auto",
    "required",
    {"type": "function", "function": {"name": "weather"}},
]

VARIABLES = {"city": "Riga", "style": "kind", "word": "hi"}


def stored(client: Either, name: str, local: PromptVersion, **options: Any) -> PromptVersion:
    """The version as the server gives it back, which formats as the one that was sent."""
    created = client.prompts.create(name=name, version=local)
    shown = client.prompts.get(prompt_identifier=name)
    assert shown.id == created.id
    for other in (created, shown):
        ours, theirs = local.format(variables=VARIABLES), other.format(variables=VARIABLES)
        assert theirs.messages == ours.messages
        assert theirs.kwargs == ours.kwargs
    return shown


def test_openai_parameters_make_the_round_trip(client: Either, name: str) -> None:
    prompt = stored(client, name, PromptVersion.from_openai(OPENAI))
    formatted = prompt.format(variables=VARIABLES)
    assert formatted.messages[2]["content"] == "Weather in Riga?"
    expected = {k: v for k, v in OPENAI.items() if k != "messages"}
    assert {k: formatted.kwargs[k] for k in expected} == expected


@pytest.mark.parametrize("choice", TOOL_CHOICES, ids=str)
def test_openai_tool_choices_make_the_round_trip(client: Either, name: str, choice: Any) -> None:
    parameters = {**OPENAI, "tool_choice": choice}
    prompt = stored(client, name, PromptVersion.from_openai(parameters))
    assert prompt.format(variables=VARIABLES).kwargs["tool_choice"] == choice


@pytest.mark.parametrize("provider", ["AZURE_OPENAI", "DEEPSEEK", "XAI", "OLLAMA"])
def test_openai_parameters_of_other_providers_make_the_round_trip(
    client: Either, name: str, provider: str
) -> None:
    local = PromptVersion.from_openai(
        {"model": "m", "messages": USER, "temperature": 0.5}, model_provider=provider
    )
    prompt = stored(client, name, local)
    assert prompt._dumps()["model_provider"] == provider
    assert prompt.format(variables=VARIABLES).kwargs["temperature"] == 0.5


def test_anthropic_parameters_make_the_round_trip(client: Either, name: str) -> None:
    prompt = stored(client, name, PromptVersion.from_anthropic(ANTHROPIC))
    formatted = prompt.format(variables=VARIABLES)
    assert formatted.messages[0]["content"] == "Weather in Riga?"
    expected = {k: v for k, v in ANTHROPIC.items() if k not in ("messages", "system")}
    assert {k: formatted.kwargs[k] for k in expected} == expected


@pytest.mark.parametrize(
    "thinking",
    [{"type": "disabled"}, {"type": "enabled", "budget_tokens": 2048}, {"type": "adaptive"}],
    ids=lambda t: t["type"],
)
def test_anthropic_thinking_makes_the_round_trip(
    client: Either, name: str, thinking: dict[str, Any]
) -> None:
    parameters = {"model": "m", "max_tokens": 4096, "messages": USER, "thinking": thinking}
    prompt = stored(client, name, PromptVersion.from_anthropic(parameters))
    assert prompt.format(variables=VARIABLES).kwargs["thinking"] == thinking


def test_google_parameters_make_the_round_trip(client: Either, name: str) -> None:
    contents = [
        genai.Content(role="user", parts=[genai.Part(text="Weather in {{city}}?")]),
        genai.Content(
            role="model",
            parts=[genai.Part(function_call=genai.FunctionCall(name="w", args={"city": "Riga"}))],
        ),
    ]
    config = genai.GenerateContentConfig(
        system_instruction="Be {{style}}.",
        temperature=0.5,
        top_k=3,
        max_output_tokens=10,
        stop_sequences=["END"],
        tools=[
            genai.Tool(
                function_declarations=[
                    genai.FunctionDeclaration(
                        name="w",
                        description="Tells it.",
                        parameters=genai.Schema(
                            type=genai.Type.OBJECT,
                            properties={"city": genai.Schema(type=genai.Type.STRING)},
                        ),
                    )
                ]
            )
        ],
    )
    local = PromptVersion.from_google_genai("gemini", contents, config=config)
    formatted = stored(client, name, local).format(variables=VARIABLES)
    assert formatted.messages[0].parts[0].text == "Weather in Riga?"
    assert formatted.kwargs["config"].temperature == 0.5
    assert formatted.kwargs["config"].max_output_tokens == 10


@pytest.mark.parametrize("template_format", ["F_STRING", "MUSTACHE", "NONE"])
def test_templates_of_each_format_come_back_as_they_were(
    client: Either, name: str, template_format: Any
) -> None:
    text = "{a} {{b}} {{#c}}{{/c}} {{{d}}} \u2028 {"
    prompt = client.prompts.create(
        name=name, version=version(text, template_format=template_format)
    )
    assert message(prompt) == text
    assert prompt._dumps()["template_format"] == template_format


@pytest.mark.parametrize(
    "provider",
    ["OPENAI", "AZURE_OPENAI", "ANTHROPIC", "GOOGLE", "DEEPSEEK", "XAI", "OLLAMA", "AWS",
     "CEREBRAS", "FIREWORKS", "GROQ", "MOONSHOT", "MINIMAX", "PERPLEXITY", "TOGETHER", "ZAI",
     "META"],
)  # fmt: skip
def test_each_provider_has_parameters(client: Either, name: str, provider: Any) -> None:
    client.prompts.create(name=name, version=version(model_provider=provider))
    shown = client.prompts.get(prompt_identifier=name)._dumps()
    assert shown["model_provider"] == provider
    family = provider if provider in ("ANTHROPIC", "GOOGLE", "AWS") else "OPENAI"
    assert shown["invocation_parameters"]["type"] == family.lower()


# ------------------------------------------------------------------- lists


def test_prompts_and_versions_are_paged_newest_first(server: Server) -> None:
    prompts = [fresh("page") for _ in range(3)]
    with httpx.Client(base_url=server.url) as http:
        for prompt in prompts:
            for text in ("one", "two"):
                body = {"prompt": {"name": prompt}, "version": version(text)._dumps()}
                http.post("/v1/prompts", json=body).raise_for_status()
        page = http.get("/v1/prompts", params={"limit": 2}).json()
        assert [p["name"] for p in page["data"]] == [prompts[2], prompts[1]]
        page = http.get("/v1/prompts", params={"limit": 1, "cursor": page["next_cursor"]}).json()
        assert [p["name"] for p in page["data"]] == [prompts[0]]
        path = f"/v1/prompts/{prompts[0]}/versions"
        texts = []
        cursor = None
        while True:
            page = http.get(path, params={"limit": 1, **({"cursor": cursor} if cursor else {})})
            texts += [v["template"]["messages"][0]["content"] for v in page.json()["data"]]
            cursor = page.json()["next_cursor"]
            if not cursor:
                break
        assert texts == ["two", "one"]


def test_racing_writers_of_one_prompt_lose_nothing(server: Server) -> None:
    name = fresh("race")

    def post(index: int) -> str:
        body = {"prompt": {"name": name}, "version": version(str(index))._dumps()}
        answer = httpx.post(f"{server.url}/v1/prompts", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        path = f"{server.url}/v1/prompt_versions/{answer.json()['data']['id']}/tags"
        assert httpx.post(path, json={"name": "last"}, timeout=30).status_code == 204
        return answer.json()["data"]["id"]

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(post, range(32)))
    shown = httpx.get(f"{server.url}/v1/prompts/{name}/versions").json()["data"]
    assert sorted(v["id"] for v in shown) == sorted(ids)
    assert httpx.get(f"{server.url}/v1/prompts/{name}/tags/last").json()["data"]["id"] in ids
