"""What an answer means for telephones and reports, what to do, and what the SDK then raises."""

from typing import Any, Final, NamedTuple

__all__ = ["LOST", "Advice", "advice"]

Json = dict[str, Any]
NOTHING: Final = "Nothing happened."


class Advice(NamedTuple):
    """What to do about one status.

    Attributes:
        effect: what the server did.
        action: what to do now.
        errors: the errors that the SDK raises.
    """

    effect: str
    action: str
    errors: tuple[str, ...]


REFUSED: Final = {
    "400": Advice(NOTHING, "Correct every member that `validationErrors` names. Then send it again.", ("BadRequest",)),
    "401": Advice(NOTHING, "Check the username and password, or the API key, and the base URL.", ("Unauthorized",)),
    "403": Advice(NOTHING, "Ask the vendor for the right to this operation.", ("Forbidden",)),
    "404": Advice(NOTHING, "Check the base URL and the path.", ("NotFound",)),
    "405": Advice(NOTHING, "Use the method that the header `Allow` names.", ("Refused",)),
    "406": Advice(NOTHING, "Accept `application/json` or `application/xml`.", ("Refused",)),
    "413": Advice(NOTHING, "Split it into several requests.", ("Refused",)),
    "415": Advice(NOTHING, "Send JSON or XML, and say which in `Content-Type`.", ("Refused",)),
    "429": Advice(NOTHING, "Wait as long as `Retry-After` says, then send the same request again.", ("Throttled",)),
}
LAUNCH: Final = Advice(
    "**Unknown.** Telephones may be ringing.",
    "Do not send it again blindly: look for the reports of your message ids, or repeat it with the same ids.",
    ("LaunchUncertain",),
)
READING: Final = Advice(
    "**Unknown.** Reports may have been handed out, and are then gone.",
    "Record the gap and go on: the next request returns other reports.",
    ("ReportsUncertain",),
)
UNKNOWN: Final = Advice(
    "**Unknown.** It may have taken effect.",
    "A launch: do not send it again blindly. Reports: record the gap.",
    ("LaunchUncertain", "ReportsUncertain"),
)
LOST: Final = "no answer"


def advice(status: str, operation: Json | None = None) -> Advice:
    """Return what to do about a status of an operation, or of any operation.

    `LOST` stands for a connection that broke, or a timeout, before the whole answer was there.

    Raises:
        KeyError: a status without advice.
    """
    if status not in ("500", "default", LOST):
        return REFUSED[status]
    if operation is None:
        return UNKNOWN
    return READING if operation.get("x-consumes-on-read") else LAUNCH
