"""Runs stock schemathesis, its engine and its own checks, against a server with deviations."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
import schemathesis
from requests.adapters import BaseAdapter
from schemathesis.engine import events, from_schema, outage
from urllib3 import HTTPResponse

from infobip_voice_contract.contract import Edition, judged_document
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.faults.fault import Deviation
from strength.server import Server
from strength.transport import DirectTransport

__all__ = ["Found", "found"]

Found = frozenset[tuple[str, str]]
"""The failures that it found: the name of the check, and the operation."""

_BASIC: Final = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


class _Adapter(BaseAdapter):
    """Sends what `requests` would send over a socket to an application in this process."""

    def __init__(self, transport: DirectTransport) -> None:
        super().__init__()
        self._transport = transport
        self.sent = 0

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.sent += 1
        parts = urlsplit(str(request.url))
        body = request.body or b""
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fields = tuple(
            (name, value.decode("latin-1") if isinstance(value, bytes) else value)
            for name, value in request.headers.items()
            if name.lower() not in ("content-length", "host", "connection", "accept-encoding")
        )
        sent = self._transport.send(
            Request(str(request.method), target, fields, body.encode() if isinstance(body, str) else body)
        )
        if sent.answer is None:
            raise requests.ConnectionError(sent.failure)
        raw = HTTPResponse(
            body=BytesIO(sent.answer.body), headers=list(sent.answer.headers), status=sent.answer.status,
            preload_content=False, decode_content=False,
        )  # fmt: skip
        return requests.adapters.HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Leave the server as it is."""


def found(deviations: Iterable[Deviation], edition: Edition = "seeds", *, seed: int = 0, examples: int = 20) -> tuple[Found, int]:
    """Return what stock schemathesis finds, and how many requests it sent."""
    with Server(deviations, edition) as server:
        adapter = _Adapter(server.transport)
        config = schemathesis.Config(seed=seed)
        project = config.projects.default
        project.update(base_url="http://127.0.0.1", headers={"Authorization": _BASIC}, workers=1)
        project.generation.update(max_examples=examples)
        schema = schemathesis.openapi.from_dict(judged_document(), config=config)
        failures: set[tuple[str, str]] = set()
        with (
            patch.object(requests.Session, "get_adapter", lambda *_, **__: adapter),
            # They ask a socket whether the server is still there.
            patch.object(outage, "accepts_connections", lambda *_, **__: True),
            patch.object(outage, "answers_after_reset", lambda *_, **__: True),
        ):
            for event in from_schema(schema).execute():
                if isinstance(event, events.ScenarioFinished):
                    for checks in event.recorder.checks.values():
                        failed = [check.failure_info.failure for check in checks if check.failure_info is not None]
                        failures.update((type(failure).__name__, failure.operation) for failure in failed)
        return frozenset(failures), adapter.sent
