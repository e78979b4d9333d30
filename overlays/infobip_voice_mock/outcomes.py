"""What becomes of a call, chosen by the called number.

Ordinary numbers are answered by a human. Numbers that begin with 999, which no country has, choose another outcome by their
first six digits; the rest is free, so that a test can have as many of each as it likes. `9992NN` is rejected at launch with
status NN: `999214` is `REJECTED_DESTINATION_BLOCKLISTED`.
"""

from dataclasses import dataclass
from typing import Final

from infobip_voice_wire import codes

__all__ = ["ANSWERED", "BY_PREFIX", "NOT_AVAILABLE", "Outcome", "outcome", "rejection"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ends.

    Attributes:
        name: A name for people.
        error: The name of the error code of the report.
        answered: Whether somebody or something answers, once `fails` attempts have failed.
        fails: How many attempts fail before one is answered; they end as "not available".
        seconds: How long an answered call lasts, unless it is ended before.
        dtmf_codes: The keys pressed, if any.
        network: The network codes; empty means that the report lacks the member.
        sparse: Whether members without a value are null, as in captures of the platform, instead of absent.
    """

    name: str
    error: str = "VOICE_ANSWERED"
    answered: bool = True
    fails: int = 0
    seconds: int = 10
    dtmf_codes: str | None = None
    network: str = "21901"
    sparse: bool = False


ANSWERED: Final = Outcome("answered by a human")
NOT_AVAILABLE: Final = Outcome("not available", "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE", answered=False)

BY_PREFIX: Final = {
    "999100": ANSWERED,
    "999101": Outcome("answered by a machine", "VOICE_ANSWERED_MACHINE"),
    "999102": Outcome("busy", "EC_VOICE_USER_BUSY", answered=False),
    "999103": Outcome("no answer", "EC_VOICE_NO_ANSWER", answered=False),
    "999104": Outcome("declined", "EC_DECLINE", answered=False),
    "999105": NOT_AVAILABLE,
    "999106": Outcome("answered, and 42 is pressed", dtmf_codes="42"),
    "999107": Outcome("answered, and the report lacks mccMnc", network=""),
    "999108": Outcome("answered, and the report has nulls and UNKNOWN as real ones have had", sparse=True),
    "999109": Outcome("answered, and talks for an hour unless maxDuration ends it", seconds=3600),
    "999110": Outcome("not available once, then answered", fails=1),
    "999111": Outcome("not available twice, then answered", fails=2),
    "999112": Outcome("not available three times, then answered", fails=3),
    "999113": Outcome("fault of the operator", "EC_SERVICE_UNAVAILABLE", answered=False),
}

_REJECTIONS: Final = {
    f"9992{code.id:02}": code for code in reversed(codes.STATUSES) if code.group_name == "REJECTED" and code.id < 100
}


def outcome(number: str) -> Outcome:
    """Return how a call to `number` ends."""
    return BY_PREFIX.get(number[:6], ANSWERED)


def rejection(number: str) -> codes.Code | None:
    """Return the status with which a launch rejects `number`, if it does."""
    return _REJECTIONS.get(number[:6])
