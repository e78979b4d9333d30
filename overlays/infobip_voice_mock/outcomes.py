"""What becomes of a call, chosen by the called number.

Ordinary numbers are answered by a human. Numbers that begin with 999, which no country has, choose another outcome by their
first six digits; the rest is free, so that a test can have as many of each as it likes.

| number begins with | outcome |
|---|---|
| `999100` | answered by a human |
| `999101` | answered by a machine |
| `999102` | busy |
| `999103` | no answer |
| `999104` | declined |
| `999105` | not available |
| `999106` | answered, and `42` is pressed |
| `999107` | answered, the report lacks `mccMnc` |
| `999108` | answered, the report has nulls and `UNKNOWN` as real ones have had |
| `9992NN` | rejected at launch with status NN, such as `999214` for `REJECTED_DESTINATION_BLOCKLISTED` |
"""

from dataclasses import dataclass
from typing import Final

from infobip_voice_wire import codes

__all__ = ["Outcome", "outcome", "rejection"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ends.

    Attributes:
        name: A name for people.
        error: The name of the error code of the report.
        answered: Whether somebody or something answered.
        dtmf_codes: The keys pressed, if any.
        network: The network codes; empty means that the report lacks the member.
        sparse: Whether members without a value are null, as in captures of the platform, instead of absent.
    """

    name: str
    error: str = "VOICE_ANSWERED"
    answered: bool = True
    dtmf_codes: str | None = None
    network: str = "21901"
    sparse: bool = False


ANSWERED: Final = Outcome("answered")

BY_PREFIX: Final = {
    "999100": ANSWERED,
    "999101": Outcome("machine", "VOICE_ANSWERED_MACHINE"),
    "999102": Outcome("busy", "EC_VOICE_USER_BUSY", answered=False),
    "999103": Outcome("no answer", "EC_VOICE_NO_ANSWER", answered=False),
    "999104": Outcome("declined", "EC_DECLINE", answered=False),
    "999105": Outcome("not available", "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE", answered=False),
    "999106": Outcome("keys pressed", dtmf_codes="42"),
    "999107": Outcome("no network codes", network=""),
    "999108": Outcome("nulls", sparse=True),
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
