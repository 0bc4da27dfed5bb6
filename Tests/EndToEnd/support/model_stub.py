"""A model that is none: an HTTP server that speaks as much of OpenAI's API as a judge asks for."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable


class ModelStub:
    """Answers chat completions with what ``decide`` makes of the prompt's text.

    A dictionary is the arguments of the schema or tool that was asked for.
    """

    def __init__(self, decide: Callable[[str], dict[str, Any]]) -> None:
        self.prompts: list[str] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                text = "\n".join(_text(m.get("content")) for m in asked["messages"])
                stub.prompts.append(text)
                body = json.dumps(_completion(asked, decide(text))).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "ModelStub":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content)
    return content or ""


def _completion(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    arguments = json.dumps(answer)
    message: dict[str, Any] = {"role": "assistant", "content": arguments}
    if asked.get("tools"):
        name = asked["tools"][0]["function"]["name"]
        call = {"id": "call", "type": "function", "function": {"name": name, "arguments": arguments}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return {
        "id": "stub", "object": "chat.completion", "created": 0, "model": asked["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }  # fmt: skip
