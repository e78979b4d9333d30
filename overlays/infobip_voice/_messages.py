"""What passes between the flows and a transport: a request, and the outcome of an attempt."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

from infobip_voice_schema import operations

__all__ = ["Operation", "Outcome", "Phase", "Request", "Verdict"]

Phase = Literal["unsent", "lost", "cut", "answered"]
"""How far an attempt came: not sent, sent and not answered, cut in the answer, answered whole."""

Verdict = Literal["unsent", "throttled", "refused", "uncertain", "answered"]
"""What an attempt means for the telephones and the reports; the table is in `_policy`."""


# The `operationId` of what each of our operations asks for.
_CONTRACT: Final = {
    "ivr.launch": "launchOutboundIvr",
    "click_to_call.launch": "launchClickToCall",
    "reports.fetch": "fetchReports",
    "reports.drain": "fetchReports",
    "reports.wait_for": "fetchReports",
}


class Operation(NamedTuple):
    """Name an operation, and say what an attempt without a verdict means for it.

    Safety belongs to the operation, not to the HTTP verb: this API's GET consumes what it returns.
    The contract says so (`x-idempotent`, `x-consumes-on-read`), and it is read there.

    Attributes:
        name: what users call it, such as `ivr.launch`.
        repeat_uncertain: make another attempt after one without a verdict, also where the contract
            does not call the operation idempotent.
    """

    name: str
    repeat_uncertain: bool = False

    @property
    def may_be_repeated(self) -> bool:
        """Return whether an attempt without a verdict may be followed by another."""
        return self.repeat_uncertain or self._said["idempotent"]

    @property
    def consumes(self) -> bool:
        """Return whether a lost answer is a gap: the server hands out once what is in it."""
        return self._said["consumes_on_read"]

    @property
    def _said(self) -> operations.Operation:
        return operations.OPERATIONS[_CONTRACT[self.name]]


class Request(NamedTuple):
    """A request as bytes.

    Attributes:
        operation: what it asks for.
        method: the HTTP method.
        path: path and query.
        content: the body; empty for a GET.
        media_type: the type of the body, and what we accept in the answer.
        bulk_id: the name of the launch.
        message_ids: the names of the calls that it launches.
    """

    operation: Operation
    method: str
    path: str
    content: bytes
    media_type: str
    bulk_id: str | None = None
    message_ids: tuple[str, ...] = ()

    @property
    def filters(self) -> dict[str, str]:
        """Return the query, by name: of which launch and of which call reports are asked for."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    @property
    def ids(self) -> tuple[str, ...]:
        """Return every name that the request carries; they are to be shown whole."""
        return (self.bulk_id or "", *self.message_ids, *self.filters.values())


class Outcome(NamedTuple):
    """What an attempt brought: an answer, part of one, or a failure.

    Attributes:
        phase: how far it came.
        status: the HTTP status, if the status line arrived.
        headers: names in lower case.
        body: the bytes as far as they arrived, in their Content-Encoding.
        failure: why there is no (whole) answer, in words.
        final: why another attempt would fail alike, in words that name the setting, if a setting is
            the cause; else empty.
    """

    phase: Phase
    status: int | None = None
    headers: Mapping[str, str] = {}
    body: bytes = b""
    failure: str = ""
    final: str = ""
