"""Servers that keep the contract in other ways than the mock does, made from the mock."""

import asyncio
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from contract_kit.running import FakeClock
from infobip_voice_mock import create_app
from infobip_voice_mock.store import MemoryStore

BASIC = b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


class Late(MemoryStore):
    """Reports appear later than the mock's, or in batches."""

    delay = timedelta(0)
    batch = timedelta(0)

    def pop_due(self, now: datetime) -> Any:
        seen = now - self.delay
        if self.batch:
            seen -= timedelta(seconds=seen.timestamp() % self.batch.total_seconds())
        return super().pop_due(seen)


class Unordered(MemoryStore):
    """Reports of a page come newest first."""

    def take(self, *arguments: Any) -> Any:
        return list(super().take(*arguments))[::-1]


class SmallPages(MemoryStore):
    """A page has twenty reports at most, whatever limit says."""

    def take(self, limit: int, *filters: Any) -> Any:
        return super().take(min(limit, 20), *filters)


def mock(clock: FakeClock, store: type[MemoryStore] = MemoryStore, **options: Any) -> Any:
    """The mock on a clock that only the kit moves."""
    app = create_app(now=lambda: datetime.fromtimestamp(clock.now(), UTC), **options)
    app._tenants.settings = replace(app._tenants.settings, new_store=store)
    return app


def late(seconds: float, batch: float = 0) -> type[Late]:
    return type("Store", (Late,), {"delay": timedelta(seconds=seconds), "batch": timedelta(seconds=batch)})


Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


def rewritten(app: Any, change: Callable[[Any, Answer], Answer]) -> Any:
    """An application whose answers are changed on their way out."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        status, headers, body = change(scope, await called(app, scope, receive))
        headers = [field for field in headers if field[0] != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        return await send({"type": "http.response.body", "body": body})

    return wrapped


async def called(app: Any, scope: Any, receive: Any) -> Answer:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], list(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


def is_xml(answer: Answer) -> bool:
    return dict(answer[1]).get(b"content-type", b"").startswith(b"application/xml")


def indented(_: Any, answer: Answer) -> Answer:
    """XML with a declaration and indentation, JSON with spaces, and a charset."""
    status, headers, body = answer
    if is_xml(answer):
        body = b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.replace(b"><", b">\n  <").replace(b">\n  </", b"></")
    elif body:
        body = json.dumps(json.loads(body), indent=2, ensure_ascii=True).encode()
    headers = [(name, value + b";charset=UTF-8" if name == b"content-type" else value) for name, value in headers]
    return status, headers, body


def in_other_words(_: Any, answer: Answer) -> Answer:
    """Other descriptions and texts, and more header fields."""
    status, headers, body = answer
    body = re.sub(rb'("(?:description|text)": ?)"[^"]*"', rb'\1"In other words"', body)
    body = re.sub(rb"<(description|text)>[^<]*<", rb"<\1>In other words<", body)
    return status, [*headers, (b"x-request-id", b"1"), (b"server", b"another"), (b"vary", b"accept")], body


def with_more(_: Any, answer: Answer) -> Answer:
    """Members that the contract does not know."""
    status, headers, body = answer
    if is_xml(answer):
        body = re.sub(rb"<(duration|description)>", rb"<extra><deep>1</deep></extra><\1>", body)
    elif status == 200:
        value = json.loads(body)
        for each in [value, *value.get("results", ()), *value.get("messages", ())]:
            each["extra"] = {"deep": [1, None]}
        body = json.dumps(value).encode()
    return status, headers, body


def with_less(_: Any, answer: Answer) -> Answer:
    """Reports without what a report may lack, or with nulls."""
    status, headers, body = answer
    names = ("mccMnc", "duration", "price", "recordedAudioFileUrl", "sentAt")
    if is_xml(answer):
        for name in names:
            body = re.sub(rf"<{name}>.*?</{name}>".encode(), b"", body)
    elif status == 200 and b'"results"' in body:
        value = json.loads(body)
        for index, report in enumerate(value["results"]):
            for name in names:
                report[name] = None
                if index % 2:
                    del report[name]
        body = json.dumps(value).encode()
    return status, headers, body


def zipped(_: Any, answer: Answer) -> Answer:
    status, headers, body = answer
    return status, [*headers, (b"content-encoding", b"gzip")], gzip.compress(body)


class Throttling:
    """Two of every nine requests are answered with 429; the clock has to move before they pass."""

    def __init__(self, app: Any) -> None:
        self.app, self.count = app, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.count += 1
        if self.count % 9 in (3, 4):
            body = b'{"requestError": {"serviceException": {"messageId": "TOO_MANY_REQUESTS", "text": "slower"}}}'
            headers = [(b"content-type", b"application/json"), (b"retry-after", b"1")]
            await send({"type": "http.response.start", "status": 429, "headers": headers})
            return await send({"type": "http.response.body", "body": body})
        return await self.app(scope, receive, send)


class Company:
    """Somebody else uses the account: launches calls now and then, and reads without a filter."""

    def __init__(self, app: Any) -> None:
        self.app, self.count = app, 0
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.count += 1
        if self.count % 11 == 0:
            body = {"messages": [{"scenarioId": "theirs", "destinations": [{"to": "999100000000777"}]}]}
            await self.ask("POST", "/voice/ivr/1/messages", b"", json.dumps(body).encode())
        if self.count % 50 == 0:
            await self.ask("GET", "/tts/3/reports", b"limit=3", b"")
        return await self.app(scope, receive, send)

    async def ask(self, method: str, path: str, query: bytes, body: bytes) -> None:
        headers = [(b"authorization", BASIC), (b"content-type", b"application/json")]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query, "headers": headers, "root_path": "",
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        await called(self.app, scope, receive)


class OneUse:
    """A launch with a messageId that was used before, or comes twice, is refused as a whole."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.used: set[bytes] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return await self.app(scope, receive, send)
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        names = self.named(body)
        for name in names:
            if name in self.used or names.count(name) > 1:
                body = body.replace(name, b"x" * 101)  # too long, and so refused

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        status, headers, answer = await called(self.app, scope, again)
        if status == 200:
            self.used |= {*names, *self.named(answer)}
        await send({"type": "http.response.start", "status": status, "headers": headers})
        return await send({"type": "http.response.body", "body": answer})

    @staticmethod
    def named(body: bytes) -> list[bytes]:
        return re.findall(rb'messageId(?:" *: *"|>)([^"<]+)', body)
