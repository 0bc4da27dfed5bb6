"""Calling every method of the released Python client, and showing what it returns as JSON.

A scenario of ``recorded/client`` is a function that makes calls through ``Calls``. Each call has a
name, and its answer is what the method returned or raised, put into a form that can be compared:
ids become ``<Kind name-of-the-call number>`` after the call that showed them first, times of this
hour become ``<now>``, and frames become rows. What the scenario itself names is shown as it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import inspect
import io
import logging
import math
import re
import time
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Iterator

import httpx
import numpy as np
import pandas as pd
from phoenix.client import AsyncClient, Client
from phoenix.client.resources.datasets import Dataset
from phoenix.client.types import PromptVersion

from support.asking import decode, encode

#: Ids above this are the scenario's own, which name nothing.
INVENTED = 90_000

_NODE = re.compile(r"(?<![A-Za-z0-9+=_-])[A-Za-z0-9]{8,}={0,2}(?![A-Za-z0-9+=])")
_NODE_TEXT = re.compile(r"^([A-Z][A-Za-z]*):(\d+)$")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_HEX = re.compile(r"\b[0-9a-f]{16,64}\b")
#: What the scenario sends and looks like an id.
_NUMBER = str(2**53 + 1)
_TEMPORARY = re.compile(r"\btemp-[0-9a-f]+\b")
_EXPERIMENT = re.compile(r"\bExperiment-[0-9a-f]{24}\b")
_SUFFIX = re.compile(r"(?<=-)[0-9a-f]{8}\b")
_PATTERNS = {"project": _EXPERIMENT, "uuid": _UUID, "temporary": _TEMPORARY, "suffix": _SUFFIX}


def unknown(kind: str, number: int = 99_999) -> str:
    """The id of a thing that does not exist."""
    return encode(f"{kind}:{number}")


class Nothing:
    """Stands for what a failed call would have returned, so that a scenario goes on to its end."""

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> "Nothing":
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __str__(self) -> str:
        return "nothing"


class Calls:
    """The calls of one client on one server, and their answers by name."""

    def __init__(self, url: str, is_async: bool, recording: bool = False) -> None:
        self.url = url
        self.is_async = is_async
        self.recording = recording
        self.area = ""
        self.answers: dict[str, Any] = {}
        #: The method of each call.
        self.methods: dict[str, str] = {}
        self._loop = asyncio.new_event_loop() if is_async else None
        # The original drops the connection after an error of its own, so each request has a new one.
        limits = httpx.Limits(max_keepalive_connections=0)
        kind = httpx.AsyncClient if is_async else httpx.Client
        self._http: Any = kind(base_url=url, timeout=60, limits=limits)
        self.client: Any = (AsyncClient if is_async else Client)(http_client=self._http)
        self._symbols: dict[str, str] = {}
        self._own: set[str] = set()

    def close(self) -> None:
        if self._loop:
            self._loop.run_until_complete(self._http.aclose())
            self._loop.close()
        else:
            self._http.close()

    # ---------------------------------------------------------------- asking

    def run(self, scenarios: list[Callable[["Calls"], None]]) -> None:
        for scenario in scenarios:
            self.area = scenario.__name__
            self.forget()
            scenario(self)

    def forget(self) -> None:
        """Names ids anew. What was deleted may leave its id to what comes after."""
        self._symbols.clear()

    def __call__(self, name: str, method: str, /, *arguments: Any, **named: Any) -> Any:
        """Calls ``method``, such as ``datasets.list``, and keeps the answer under ``name``."""
        name = f"{self.area}/{name}"
        assert name not in self.answers, f"two calls are named {name}"
        self.methods[name] = method
        if self.recording and method.startswith("datasets."):
            # With SQLite the original takes the newest version by a time in whole seconds.
            time.sleep(1.05)
        value, answer = self._answer(name, lambda: self.call(method, *arguments, **named))
        self.answers[name] = answer
        return value

    def note(self, name: str, of: Callable[[], Any]) -> Any:
        """Keeps the value of something that follows from earlier answers without a request."""
        name = f"{self.area}/{name}"
        assert name not in self.answers, f"two calls are named {name}"
        value, self.answers[name] = self._answer(name, of)
        return value

    def call(self, method: str, /, *arguments: Any, **named: Any) -> Any:
        target: Any = self.client
        for part in method.split("."):
            target = getattr(target, part)
        parameters = inspect.signature(target).parameters
        if self.is_async and "concurrency" in parameters:
            named.setdefault("concurrency", 1)  # Else the order is that of the hour.
        result = target(*arguments, **named)
        if inspect.isawaitable(result):
            assert self._loop
            return self._loop.run_until_complete(result)
        return result

    def until(self, method: str, wanted: Callable[[Any], bool], /, **named: Any) -> None:
        """Waits up to half a minute for what is stored after it was acknowledged."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with contextlib.suppress(Exception):
                if wanted(self.call(method, **named)):
                    return
            time.sleep(0.1)

    def _answer(self, name: str, call: Callable[[], Any]) -> tuple[Any, Any]:
        warnings: list[str] = []
        handler = _Collector(warnings)
        logger = logging.getLogger("phoenix.client")
        logger.addHandler(handler)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                with contextlib.redirect_stderr(io.StringIO()):
                    value = call()
            answer = self.shown(name, value)
        except Exception as error:
            value, answer = Nothing(), self.shown(name, raised(error))
        finally:
            logger.removeHandler(handler)
        if warnings:
            return value, {"warnings": self.shown(name, warnings), "value": answer}
        return value, answer

    # ---------------------------------------------------------------- showing

    def hex(self, name: str, length: int = 16) -> str:
        """The id of a span or trace that the scenario names, the same in every run."""
        made = hashlib.sha256(name.encode()).hexdigest()[:length]
        self._own.add(made)
        return made

    def shown(self, name: str, value: Any) -> Any:
        return self._masked(name.partition("/")[2], jsonable(value))

    def _masked(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                self._masked(name, k) if k else k: self._masked(name, v) for k, v in value.items()
            }
        if isinstance(value, list):
            return [self._masked(name, v) for v in value]
        if not isinstance(value, str):
            return value
        value = value.replace(self.url, "<server>").replace("%3D", "=")
        value = _TIME.sub(_masked_time, value)
        for kind, pattern in _PATTERNS.items():
            value = pattern.sub(lambda match: self._symbol(name, kind, match.group()), value)
        value = _HEX.sub(lambda match: self._hex_symbol(name, match.group()), value)
        return _NODE.sub(lambda match: self._node_symbol(name, match.group()), value)

    def _node_symbol(self, name: str, text: str) -> str:
        decoded = decode(text)
        match = _NODE_TEXT.match(decoded) if decoded else None
        if not match:
            return text
        if int(match[2]) > INVENTED:
            return f"<{decoded}>"
        return self._symbol(name, match[1], text)

    def _hex_symbol(self, name: str, text: str) -> str:
        if text in self._own or text == _NUMBER or len(set(text)) == 1:
            return text
        kind = {16: "span id", 32: "trace id"}.get(len(text), f"hex of {len(text)}")
        return self._symbol(name, kind, text)

    def _symbol(self, name: str, kind: str, text: str) -> str:
        if text not in self._symbols:
            prefix = f"<{kind} {name} "
            count = sum(1 for s in self._symbols.values() if s.startswith(prefix))
            self._symbols[text] = f"{prefix}{count + 1}>"
        return self._symbols[text]


class _Collector(logging.Handler):
    def __init__(self, into: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.into = into

    def emit(self, record: logging.LogRecord) -> None:
        self.into.append(record.getMessage())


def raised(error: Exception) -> dict[str, Any]:
    shown: dict[str, Any] = {"raised": type(error).__name__}
    response = error
    while response is not None and not isinstance(response, httpx.HTTPStatusError):
        response = response.__cause__  # type: ignore[assignment]
    if isinstance(response, httpx.HTTPStatusError):
        shown["status"] = response.response.status_code
        shown["body"] = body(response.response)
    if not isinstance(error, httpx.HTTPStatusError):
        # The client joins a set there, in the order of the hour.
        shown["message"] = str(error).partition(" functions must be any of")[0]
    for name, value in vars(error).items():
        if name.startswith(("invalid_", "duplicate_", "total_")):
            shown[name] = value
    return shown


def body(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text


def _masked_time(match: re.Match[str]) -> str:
    text = match.group()
    when = datetime.fromisoformat(text.replace(" ", "T"))
    when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
    distance = abs(datetime.now(timezone.utc) - when)
    return f"<now{match[1] or ''}>" if distance < timedelta(days=2) else text


def jsonable(value: Any) -> Any:
    """What stands for a value of the client in an answer."""
    if isinstance(value, pd.DataFrame):
        return frame(value)
    if isinstance(value, Dataset):
        shown = value.to_dict()
        if "filtered_splits" in shown:  # In the order of a set.
            shown["filtered_splits"] = sorted(shown["filtered_splits"])
        return {"Dataset": jsonable(shown), "length": len(value)}
    if isinstance(value, PromptVersion):
        return {"PromptVersion": jsonable({"id": value.id, **value._dumps()})}
    if hasattr(value, "messages") and hasattr(value, "kwargs"):
        return {type(value).__name__: jsonable({"messages": value.messages, **value.kwargs})}
    if hasattr(value, "model_dump"):
        return jsonable(value.model_dump(mode="json", exclude_none=True))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [jsonable(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted((jsonable(v) for v in value), key=str)
    if isinstance(value, np.generic):
        return jsonable(value.item())
    if value is pd.NaT or value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return f"<{value}>"
    if isinstance(value, (str, int, float)):
        return value
    return str(value)


def frame(value: pd.DataFrame) -> dict[str, Any]:
    names = [str(n) for n in value.index.names]
    rows = []
    for position in range(len(value)):
        row = {str(c): value.iloc[position, i] for i, c in enumerate(value.columns)}
        rows.append({"index": value.index[position], **row})
    columns = [str(c) for c in value.columns]
    # Attributes come in the order of a set.
    plain = [c for c in columns if not c.startswith("attributes.")]
    columns = plain + sorted(c for c in columns if c.startswith("attributes."))
    return {"index": names, "columns": columns, "rows": jsonable(rows)}


# -------------------------------------------------------------------- reflection


def public_methods(kind: type) -> set[str]:
    """The public methods of a client, such as ``prompts.tags.list``."""
    found: set[str] = set()

    def walk(thing: Any, path: list[str]) -> None:
        for name in dir(type(thing)):
            if name.startswith("_"):
                continue
            member = getattr(type(thing), name)
            if isinstance(member, property):
                walk(getattr(thing, name), [*path, name])
            elif callable(member):
                found.add(".".join([*path, name]))

    walk(kind(base_url="http://127.0.0.1:1"), [])
    return found
