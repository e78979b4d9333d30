"""Stock schemathesis on the same servers: its cases and its checks, none of ours.

Its engine runs once for each seed against the server without faults, with all of its phases. The
cases that it made are then sent to each server with a fault, in the same order, and judged by its
checks. Making them anew for each fault would change nothing but take an hour: ids and times of the
server are the same in every run. What it finds wrong with the server without faults is left out.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.engine import events, from_schema, outage
from urllib3 import HTTPResponse

from infobip_voice_contract.contract import judged_document
from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.fault import Deviation
from strength.server import Server
from strength.transport import DirectTransport

__all__ = ["Cases", "recorded"]

Failure = tuple[str, str]
"""A failure: the name of its kind, and the operation."""

_BASIC: Final = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
_URL: Final = "http://127.0.0.1"
EXAMPLES: Final = 20


class _Adapter(requests.adapters.BaseAdapter):
    """Sends what `requests` would send over a socket to an application in this process."""

    def __init__(self, transport: DirectTransport) -> None:
        super().__init__()
        self._transport = transport
        self.answers: list[Answer | None] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
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
        self.answers.append(sent.answer)
        if sent.answer is None:
            raise requests.ConnectionError(sent.failure)
        raw = HTTPResponse(
            body=BytesIO(sent.answer.body), headers=list(sent.answer.headers), status=sent.answer.status,
            preload_content=False, decode_content=False,
        )  # fmt: skip
        return requests.adapters.HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Leave the server as it is."""


@dataclass(frozen=True)
class _Sent:
    """A case, and what came of it where there is no fault."""

    case: Any
    answers: tuple[Answer | None, ...]
    failures: frozenset[Failure]


@dataclass(frozen=True)
class Cases:
    """What stock schemathesis sends.

    Attributes:
        sent: The cases in order.
        false_alarms: What it finds wrong with the server without faults.
    """

    sent: tuple[_Sent, ...]
    false_alarms: frozenset[Failure]

    def finds(self, deviations: Iterable[Deviation]) -> Failure | None:
        """Return the first failure on a server with faults that is none of the false alarms."""
        with Server(deviations) as server, _mounted(server) as adapter:
            for sent in self.sent:
                # A check that sends requests of its own may see more than the answer shows.
                answers, failures = _judged(adapter, sent.case, unless=sent.answers if len(sent.answers) == 1 else ())
                if answers != sent.answers:
                    found = sorted(failures - self.false_alarms)
                    if found:
                        return found[0]
        return None


def recorded(seeds: Iterable[int]) -> Cases:
    """Return the cases that the engine makes with these seeds, the same ones only once."""
    made: dict[Any, Any] = {}
    for seed in seeds:
        for case in _made(seed):
            prepared = requests.Request(**case.as_transport_kwargs(base_url=_URL)).prepare()
            made.setdefault(
                (prepared.method, prepared.url, prepared.body, repr(sorted(prepared.headers.items()))), case
            )
    with Server() as server, _mounted(server) as adapter:
        sent = tuple(_Sent(case, *_judged(adapter, case)) for case in made.values())
    return Cases(sent, frozenset(failure for each in sent for failure in each.failures))


def _made(seed: int) -> Iterator[Any]:
    config = schemathesis.Config(seed=seed)
    project = config.projects.default
    project.update(base_url=_URL, headers={"Authorization": _BASIC}, workers=1)
    project.generation.update(max_examples=EXAMPLES)
    schema = schemathesis.openapi.from_dict(judged_document(), config=config)
    with Server() as server, _mounted(server):
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                yield from (node.value for node in event.recorder.cases.values() if node.parent_id is None)


@contextmanager
def _mounted(server: Server) -> Iterator[_Adapter]:
    """Let every session of `requests` reach a server in this process."""
    adapter = _Adapter(server.transport)
    yes: Callable[..., bool] = lambda *_, **__: True  # noqa: E731 - they ask a socket whether the server is there
    with ExitStack() as stack:
        stack.enter_context(patch.object(requests.Session, "get_adapter", lambda *_, **__: adapter))
        stack.enter_context(patch.object(outage, "accepts_connections", yes))
        stack.enter_context(patch.object(outage, "answers_after_reset", yes))
        yield adapter


def _judged(
    adapter: _Adapter, case: Any, *, unless: tuple[Answer | None, ...] = ()
) -> tuple[tuple[Answer | None, ...], frozenset[Failure]]:
    """Send a case, and judge what comes back unless that is known already."""
    begun = len(adapter.answers)
    options = {"base_url": _URL, "headers": {"Authorization": _BASIC}}
    failures: set[Failure] = set()
    try:
        response = case.call(**options)
        if tuple(adapter.answers[begun:]) != unless:
            case.validate_response(response, headers=options["headers"], transport_kwargs=options)
    except FailureGroup as group:
        failures = {(type(each).__name__, each.operation) for each in group.exceptions}
    except requests.RequestException:
        failures = {("NoAnswer", case.operation.label)}
    return tuple(adapter.answers[begun:]), frozenset(failures)
