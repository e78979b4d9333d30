"""What becomes of a call, chosen by the called number.

Ordinary numbers are answered by a human. Numbers that begin with 999, which no country has, choose
another outcome by their first six digits; the other digits are free, so that a test can have as
many numbers of each outcome as it likes. A launch to `9992NN` is rejected with status NN: `999214`
is `REJECTED_DESTINATION_BLOCKLISTED`.
"""

from dataclasses import dataclass
from typing import Final

from infobip_voice_wire import codes

__all__ = ["ANSWERED", "BY_PREFIX", "NOT_AVAILABLE", "NOT_DIALLED", "CallOutcome", "outcome", "rejection"]


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How a call ends.

    Attributes:
        name: What people call it.
        error: The name of the error code in the report, as edition `seeds` has it.
        answered: Whether somebody or something answers after the first `failing_dials`.
        rings: Whether a telephone that is not answered rings until the ring timeout; otherwise the
            dial fails at once.
        failing_dials: How many dials end as "not available" before one is answered.
        seconds: How long people talk in an answered call, unless it is ended earlier.
        dtmf_codes: The keys that are pressed; None for none.
        mcc_mnc: The network codes; empty if the report lacks the member.
        sparse: Whether members without a value are null, as in captures of the platform, and not
            absent.
    """

    name: str
    error: str = "VOICE_ANSWERED"
    answered: bool = True
    rings: bool = False
    failing_dials: int = 0
    seconds: int = 10
    dtmf_codes: str | None = None
    mcc_mnc: str = "21901"
    sparse: bool = False

    @property
    def answered_by(self) -> codes.Answerer | None:
        """Who or what answers; None if nothing does."""
        return codes.answered_by(self.error, "")


ANSWERED: Final = CallOutcome("answered by a human")
NOT_AVAILABLE: Final = CallOutcome("not available", "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE", answered=False)
NOT_DIALLED: Final = CallOutcome("not dialled, because the validity ended first", "NO_ERROR", answered=False)

BY_PREFIX: Final = {
    "999100": ANSWERED,
    "999101": CallOutcome("answered by a machine", "VOICE_ANSWERED_MACHINE"),
    "999102": CallOutcome("busy", "EC_VOICE_USER_BUSY", answered=False),
    "999103": CallOutcome("no answer", "EC_VOICE_NO_ANSWER", answered=False, rings=True),
    "999104": CallOutcome("declined", "EC_DECLINE", answered=False),
    "999105": NOT_AVAILABLE,
    "999106": CallOutcome("answered, and 42 is pressed", dtmf_codes="42"),
    "999107": CallOutcome("answered, and the report lacks mccMnc", mcc_mnc=""),
    "999108": CallOutcome("answered, and the report has nulls and UNKNOWN as real ones have had", sparse=True),
    "999109": CallOutcome("answered, and talks for an hour unless maxDuration ends it", seconds=3600),
    "999110": CallOutcome("not available once, then answered", failing_dials=1),
    "999111": CallOutcome("not available twice, then answered", failing_dials=2),
    "999112": CallOutcome("not available three times, then answered", failing_dials=3),
    "999113": CallOutcome("fault of the operator", "EC_SERVICE_UNAVAILABLE", answered=False),
}

_REJECTIONS: Final = {
    f"9992{code.id:02}": code for code in reversed(codes.STATUSES) if code.group_name == "REJECTED" and code.id < 100
}


def outcome(number: str) -> CallOutcome:
    """Return how a call to `number` ends."""
    return BY_PREFIX.get(number[:6], ANSWERED)


def rejection(number: str) -> codes.Code | None:
    """Return the status with which a launch to `number` is rejected; None if it is accepted."""
    return _REJECTIONS.get(number[:6])
