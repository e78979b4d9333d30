"""What can go wrong, and what to do then.

    VoiceError
    ├── ConfigurationError      the client cannot be used like this; also a ValueError
    ├── NotSent                 no connection: the request never left, nothing happened
    ├── Refused                 a redirect or a 4xx: read and turned down, nothing happened
    │   ├── BadRequest              400, every violation by its path
    │   ├── Unauthorized            401
    │   ├── Forbidden               403
    │   ├── NotFound                404
    │   └── Throttled               429, and the budget is used up or too small for its Retry-After
    ├── LaunchUncertain         sent, no verdict: telephones may be ringing
    ├── LaunchUnreadable        2xx, not understood: telephones are ringing
    ├── ReportsUncertain        sent, no verdict: a gap, reports may be gone
    ├── ReportsUnreadable       2xx, not (all) understood: the reports are in the bytes
    ├── ReportsPending          `wait_for` gave up; it carries what it has
    ├── FilterIgnored           2xx, with reports of others than were asked for
    ├── DrainInUse              a second consumer asks one drain; also a RuntimeError
    └── SpoolError              the spool cannot be opened, read or written
        ├── SpoolLocked             another drainer has it open
        └── SpoolUnreachable        its database is away

Each one says whether the request was sent, the ids, the status, the bytes and what to do now. They
pickle, and neither `str` nor `repr` shows a body, a header or an unmasked telephone number. Ids
stay whole. In the words of a server or of another library, every run of five or more digits is
masked, except within one of these ids.
"""

import copyreg
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from infobip_voice_wire.telephone import mask_numbers

if TYPE_CHECKING:
    from infobip_voice._prepared import Prepared
    from infobip_voice._report import Report
    from infobip_voice._reports import Gap, Unreadable
    from infobip_voice_client.models import VoiceResponse

__all__ = [
    "BadRequest", "ConfigurationError", "DrainInUse", "FilterIgnored", "Forbidden", "LaunchUncertain",
    "LaunchUnreadable", "NotFound", "NotSent", "Refused", "ReportsPending", "ReportsUncertain", "ReportsUnreadable",
    "SpoolError", "SpoolLocked", "SpoolUnreachable", "Throttled", "Unauthorized",
    "VoiceError",
]  # fmt: skip


class VoiceError(Exception):
    """Say what happened to a request, and what to do now.

    Attributes:
        sent: whether any of the request may have reached the server.
        advice: what to do now.
        operation: `ivr.launch`, `click_to_call.launch`, `reports.fetch` …
        bulk_id: the name of the launch that this is about.
        message_ids: the names of the calls that this is about.
        status: the HTTP status, if there was one.
        headers: the headers of the answer, names in lower case.
        body: the answer's bytes as far as they arrived, without their Content-Encoding where that
            could be undone.
        accepted: of a launch in several requests, the answers to those before this one.
        unsent: of a launch in several requests, what had no effect: those after this one, which
            were not sent, and this one unless it may have dialled.
    """

    sent: bool = False
    advice: str = ""

    def __init__(
        self,
        reason: str,
        *,
        operation: str = "",
        bulk_id: str | None = None,
        message_ids: Sequence[str] = (),
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        self.operation = operation
        self.bulk_id = bulk_id
        self.message_ids = tuple(message_ids)
        super().__init__(self._masked(reason))
        self.status = status
        self.headers = dict(headers or {})
        self.body = body
        self.accepted: tuple[VoiceResponse, ...] = ()
        self.unsent: Prepared[Any] | None = None

    def _masked(self, words: str) -> str:
        return mask_numbers(words, (self.bulk_id or "", *self.message_ids))

    def __reduce__(self) -> tuple[Any, ...]:
        # Without calling `__init__`, which would mask the ids in a reason that is masked already.
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]

    def __str__(self) -> str:
        facts = [f"status {self.status}"] if self.status is not None else []
        if self.bulk_id:
            facts.append(f"bulk {self.bulk_id}")
        if self.message_ids:
            facts.append(f"{len(self.message_ids)} call(s)")
        if self.body:
            facts.append(f"{len(self.body)} byte(s) kept")
        where = f"{self.operation}: " if self.operation else ""
        evidence = f" ({', '.join(facts)})" if facts else ""
        told = f"{where}{self.args[0]}{evidence}"
        return f"{told}{'' if told.endswith('?') else '.'} {self.advice}".rstrip()


class ConfigurationError(VoiceError, ValueError):
    """Refuse a setting, or a client that cannot be used here, before anything is sent."""

    advice = "Nothing was sent. Correct this first."


class NotSent(VoiceError):
    """Report that the request never left, after as many attempts as the budget allows: nothing
    happened.
    """

    advice = "Nothing was sent, nothing happened: it is safe to try again."


class Refused(VoiceError):
    """Report that the server read the request and turned it down: nothing was launched, nothing was
    consumed.

    Attributes:
        code: the server's name for the refusal, such as `BAD_REQUEST`; empty if it gave none.
        violations: what was wrong, by the path of the member.
    """

    sent = True
    advice = "The request had no effect. Correct it before sending it again."

    def __init__(
        self, reason: str, *, code: str = "", violations: Mapping[str, Sequence[str]] | None = None, **evidence: Any
    ) -> None:
        super().__init__(reason, **evidence)
        self.code = code
        self.violations = {path: list(texts) for path, texts in (violations or {}).items()}

    def __str__(self) -> str:
        lines = [f"{path}: {text}" for path, texts in self.violations.items() for text in texts]
        more = [f"and {len(lines) - 20} more in `violations`"] if len(lines) > 20 else []
        return "\n  - ".join([super().__str__(), *map(self._masked, lines[:20]), *more])


class BadRequest(Refused):
    """Report a 400, with every violation by its path."""


class Unauthorized(Refused):
    """Report a 401: no credentials, or wrong ones."""

    advice = "The request had no effect. Check the username and password, or the API key, and the base URL."


class Forbidden(Refused):
    """Report a 403: the credentials are right and lack the right to this operation."""

    advice = "The request had no effect. Ask for the right to this operation."


class NotFound(Refused):
    """Report a 404: no such path. An empty report queue is never a 404."""

    advice = "The request had no effect. Check the base URL."


class Throttled(Refused):
    """Report a 429 after as many attempts as the budget allows, or one that asks for a longer wait
    than the budget has.

    Attributes:
        retry_after: the seconds that the server asked to wait, if it did. Before that no request of
            yours is welcome.
    """

    advice = "The request had no effect. Send it again later."
    retry_after: float | None = None


class LaunchUncertain(VoiceError):
    """Report a launch without a verdict: **the telephones named by `message_ids` may have been
    dialled, or not.**

    The answer was lost (reset, timeout, cut) or is a server fault (5xx, unknown status). The
    request was not repeated.
    """

    sent = True
    advice = (
        "The calls may have been made. Do not launch again blindly: look for their reports, or send the prepared "
        "request again with repeat_uncertain=True, which keeps the message ids."
    )


class LaunchUnreadable(VoiceError):
    """Report a launch that was accepted (2xx) with an answer that cannot be understood:
    **telephones are being dialled.**
    """

    sent = True
    advice = "The launch was accepted. Do not send it again; the calls are known by the message ids you sent."


class ReportsUncertain(VoiceError):
    """Report a gap: a report request without a verdict, so that **the reports of its answer may be
    gone.**

    Attributes:
        reports: the reports that could be read from what arrived.
        retry_after: the seconds that the server asked to wait, if it did.
    """

    sent = True
    advice = "What that answer carried will not be returned again: asking again returns other reports. See /tts/3/logs."
    retry_after: float | None = None
    reports: "tuple[Report, ...]" = ()


class ReportsUnreadable(VoiceError):
    """Report an answer that was handed out (2xx) and cannot be understood, or not all of it.

    Attributes:
        reports: the reports that could be read.
        unreadable: what could not.
    """

    sent = True
    advice = "The server has handed these reports out and will not repeat them: keep the body."
    reports: "tuple[Report, ...]" = ()
    unreadable: "tuple[Unreadable, ...]" = ()


class ReportsPending(VoiceError):
    """Report that `wait_for` ended without all the reports. The ones it has are here and nowhere
    else.

    Attributes:
        reports: the reports that did come, by message id. The server will not return them again.
        others: reports of the same bulk that came with them. The server will not return them again
            either.
        pending: the message ids without a report.
        gaps: the answers that were lost meanwhile; a pending report may have been in one.
    """

    sent = True
    advice = "Take the reports from this error, and wait for the pending ones again."
    reports: "Mapping[str, Report]" = MappingProxyType({})
    others: "tuple[Report, ...]" = ()
    pending: tuple[str, ...] = ()
    gaps: "tuple[Gap, ...]" = ()


class FilterIgnored(VoiceError):
    """Report a server that returned reports which the request did not ask for. Asking again would
    consume everybody's.

    Attributes:
        reports: the reports that were asked for.
        others: those of others. The server will not return them again: hand them to their owner.
        unreadable: what could not be understood.
    """

    sent = True
    advice = "Keep the reports in this error: they exist nowhere else. Do not ask this server with a filter again."
    reports: "tuple[Report, ...]" = ()
    others: "tuple[Report, ...]" = ()
    unreadable: "tuple[Unreadable, ...]" = ()


class DrainInUse(VoiceError, RuntimeError):
    """Refuse a second consumer of one drain: it would acknowledge what the first still works on."""

    advice = "Nothing was sent. Use one loop for each drain, or `auto_ack=False` and `ack` to share it."


class SpoolError(VoiceError):
    """Report that the spool failed.

    If a page could not be stored, its bytes are in `body` and nowhere else; `sent` is true then.
    """

    advice = "Make room for the spool, repair it, or use another one."

    def __init__(self, reason: str, *, sent: bool = False, **evidence: Any) -> None:
        super().__init__(reason, **evidence)
        self.sent = sent
        if self.body:
            self.advice = f"Save the body: it is the only copy of these reports. {self.advice}"


class SpoolLocked(SpoolError):
    """Report that another drainer has the spool open. Two drainers need two spools."""

    advice = "Nothing was sent. Stop the other drainer, or use another spool."


class SpoolUnreachable(SpoolError):
    """Report that the database of the spool is away.

    A drain that follows waits for it, and another one as long as the client's `budget` allows; the
    server is asked for nothing meanwhile. What is in the database stays there. A drain that is
    interrupted while it waits to store an answer raises this in place of the interruption, with the
    answer in `body`.
    """

    advice = "See why the database is away. Its reports stay in it."
