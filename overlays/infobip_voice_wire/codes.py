"""The known status and error codes, in one table for the mock, the documentation and the tests.

The codes are open sets (contract, codes): a server may send others. 87 is the id of two statuses.
The documentation of these operations numbers voice errors from 5000; since 2024 the platform
numbers them from 10000. The descriptions of `PENDING_ACCEPTED`, `DELIVERED_TO_HANDSET`,
`EXPIRED_EXPIRED` and `VOICE_ANSWERED` were seen on the wire; all others are in our own words.
"""

from typing import Any, Final, Literal, NamedTuple

__all__ = ["ERRORS", "STATUSES", "Answerer", "Code", "answered_by", "error", "is_answered", "status"]

Answerer = Literal["human", "machine"]


class Code(NamedTuple):
    """One known code.

    Attributes:
        kind: whether it is the status of a message or the error of a call.
        id: its number, which is not unique.
        name: its name on the wire.
        group_id: the number of its group.
        group_name: the name of its group on the wire.
        permanent: whether the error is permanent; None for a status.
        family: `general` or `voice`; for voice errors the numbering, `voice-5xxx` or
            `voice-10xxx`.
        description: the code in words.
        answered_by: who answered a call that ended with this error; None if it does not say.
    """

    kind: Literal["status", "error"]
    id: int
    name: str
    group_id: int
    group_name: str
    permanent: bool | None
    family: str
    description: str
    answered_by: Answerer | None = None

    def as_status(self) -> dict[str, Any]:
        """Return the JSON object of a status, in the order of the documentation's samples."""
        return {
            "groupId": self.group_id,
            "groupName": self.group_name,
            "id": self.id,
            "name": self.name,
            "description": self.description,
        }

    def as_error(self) -> dict[str, Any]:
        """Return the JSON object of an error, in the order of the documentation's samples."""
        return {**self.as_status(), "permanent": self.permanent}


def status(name: str) -> Code:
    """Return the status with this name; if it is in two groups, the first in the table.

    Raises:
        KeyError: the table has no such status.
    """
    return _find(STATUSES, name)


def error(name: str) -> Code:
    """Return the error with this name.

    Raises:
        KeyError: the table has no such error.
    """
    return _find(ERRORS, name)


def answered_by(name: object, number: object) -> Answerer | None:
    """Return who answered a call that ended with an error of this name, or else of this number.

    Returns:
        None if neither says it. Both may be anything, because a server may send anything.
    """
    # Compared as text: what a server sent might be a list, which cannot be looked up.
    return _ANSWERED_BY.get(str(name)) or _ANSWERED_BY.get(str(number))


def is_answered(name: object, number: object) -> bool:
    """Return whether a call that ended with an error of this name, or else of this number, was
    answered, by a human or a machine.

    Both numberings have such errors: 10000 says since 2024 what 5000 said before, save by whom.
    """
    return str(name) in _ANSWERED or str(number) in _ANSWERED


def _find(codes: tuple[Code, ...], name: str) -> Code:
    for code in codes:
        if code.name == name:
            return code
    raise KeyError(name)


def _status(code: int, name: str, group_id: int, description: str, family: str = "general") -> Code:
    return Code("status", code, name, group_id, _STATUS_GROUPS[group_id], None, family, description)


def _error(
    code: int, name: str, group_id: int, permanent: bool, description: str, answered_by: Answerer | None = None
) -> Code:
    family = "general" if code < 5000 else "voice-5xxx" if code < 10000 else "voice-10xxx"
    return Code("error", code, name, group_id, _ERROR_GROUPS[group_id], permanent, family, description, answered_by)


_STATUS_GROUPS: Final = {1: "PENDING", 2: "UNDELIVERABLE", 3: "DELIVERED", 4: "EXPIRED", 5: "REJECTED"}
_ERROR_GROUPS: Final = {0: "OK", 1: "HANDSET_ERRORS", 2: "USER_ERRORS", 3: "OPERATOR_ERRORS"}

STATUSES: Final[tuple[Code, ...]] = (
    _status(2, "DELIVERED_TO_OPERATOR", 3, "Handed over to the operator"),
    _status(3, "PENDING_WAITING_DELIVERY", 1, "Waiting for delivery"),
    _status(4, "UNDELIVERABLE_REJECTED_OPERATOR", 2, "Rejected by the operator"),
    _status(5, "DELIVERED_TO_HANDSET", 3, "Message delivered to handset"),
    _status(6, "REJECTED_NETWORK", 5, "The network is not served"),
    _status(7, "PENDING_ENROUTE", 1, "On its way"),
    _status(8, "REJECTED_PREFIX_MISSING", 5, "The number's prefix belongs to no known network"),
    _status(9, "UNDELIVERABLE_NOT_DELIVERED", 2, "The call did not reach anybody"),
    _status(10, "REJECTED_DND", 5, "The subscriber is on a do-not-disturb list"),
    _status(11, "REJECTED_SOURCE", 5, "The caller's number is blocked"),
    _status(12, "REJECTED_NOT_ENOUGH_CREDITS", 5, "Not enough credit on the account"),
    _status(13, "REJECTED_SENDER", 5, "The caller's number is not allowed"),
    _status(14, "REJECTED_DESTINATION_BLOCKLISTED", 5, "The called number is on a block list"),
    _status(15, "EXPIRED_EXPIRED", 4, "Message expired"),
    _status(17, "REJECTED_PREPAID_PACKAGE_EXPIRED", 5, "The account's prepaid package has expired"),
    _status(18, "REJECTED_DESTINATION_NOT_REGISTERED", 5, "The called number is not registered for this trial account"),
    _status(19, "REJECTED_ROUTE_NOT_AVAILABLE", 5, "No route to the called number"),
    _status(20, "REJECTED_FLOODING_FILTER", 5, "Too many messages to the same number"),
    _status(21, "REJECTED_SYSTEM_ERROR", 5, "A fault of the platform"),
    _status(23, "REJECTED_DUPLICATE_MESSAGE_ID", 5, "The message ID has been used already"),
    _status(24, "REJECTED_INVALID_UDH", 5, "The user data header is not valid"),
    _status(25, "REJECTED_MESSAGE_TOO_LONG", 5, "The message is too long"),
    _status(26, "PENDING_ACCEPTED", 1, "Message accepted, pending for delivery."),
    _status(29, "EXPIRED_DLR_UNKNOWN", 4, "No delivery report arrived from the operator"),
    _status(31, "UNDELIVERABLE_NOT_SENT", 2, "The message could not be sent"),
    _status(51, "MISSING_TO", 5, "The called number is missing"),
    _status(52, "REJECTED_DESTINATION", 5, "The called number is not valid"),
    _status(53, "REJECTED_INVALID_AUDIO_FILE_URL", 5, "The URL of the audio file is not valid", "voice"),
    _status(54, "REJECTED_UNSUPPORTED_LANGUAGE", 5, "The language is not supported", "voice"),
    _status(55, "REJECTED_MESSAGE_IS_EMPTY", 5, "There is neither a text nor an audio file", "voice"),
    _status(56, "REJECTED_INVALID_NOTIFY_URL", 5, "The notification URL is not valid", "voice"),
    _status(57, "REJECTED_INVALID_NOTIFY_CONTENT_TYPE", 5, "The notification content type is not valid", "voice"),
    _status(58, "REJECTED_INVALID_DTMF_SIGN", 5, "The DTMF sign is not valid", "voice"),
    _status(59, "REJECTED_INVALID_DTMF_TIMEOUT", 5, "The DTMF timeout is not valid", "voice"),
    _status(60, "REJECTED_INVALID_RING_TIMEOUT", 5, "The ring timeout is not valid", "voice"),
    _status(61, "REJECTED_INVALID_CALL_TIMEOUT", 5, "The call timeout is not valid", "voice"),
    _status(62, "REJECTED_INVALID_MACHINE_DETECTION", 5, "The machine detection setting is not valid", "voice"),
    _status(63, "REJECTED_INVALID_ACTIONS", 5, "The actions are not valid", "voice"),
    _status(64, "REJECTED_INVALID_ACTION_GROUPS", 5, "The action groups are not valid", "voice"),
    _status(83, "REJECTED_MACHINE_DETECTION_DISABLED", 5, "Machine detection is not enabled for this account", "voice"),
    _status(87, "REJECTED_INVALID_DELIVERY_TIME_WINDOW", 5, "The delivery time window is not valid", "voice"),
    _status(87, "SIGNALS_BLOCKED", 4, "Blocked by the fraud protection"),
    _status(87, "SIGNALS_BLOCKED", 5, "Blocked by the fraud protection"),
    _status(91, "REJECTED_INVALID_SSML", 5, "The SSML is not valid", "voice"),
    _status(96, "NO_ANSWER", 2, "Nobody answered"),
    _status(97, "BUSY", 2, "The line was busy"),
    _status(98, "CANCELLED", 2, "The call was cancelled"),
    _status(99, "REJECTED", 5, "The call was rejected"),
    _status(100, "UNDELIVERABLE_REJECTED_PLATFORM", 5, "Rejected by the platform"),
)

ERRORS: Final[tuple[Code, ...]] = (
    _error(0, "NO_ERROR", 0, True, "No error"),
    _error(5000, "VOICE_ANSWERED", 0, True, "Call answered by human", "human"),
    _error(5001, "VOICE_ANSWERED_MACHINE", 0, True, "Call answered by a machine", "machine"),
    _error(5002, "EC_VOICE_USER_BUSY", 3, True, "The line was busy"),
    _error(5003, "EC_VOICE_NO_ANSWER", 3, True, "Nobody answered"),
    _error(5004, "EC_VOICE_ERROR_DOWNLOADING_FILE", 3, True, "The audio file could not be downloaded"),
    _error(5005, "EC_VOICE_ERROR_UNSUPPORTED_AUDIO_FORMAT", 3, True, "The format of the audio file is not supported"),
    _error(5400, "EC_VOICE_ERROR_BAD_REQUEST", 3, False, "The operator did not understand the call request"),
    _error(5403, "EC_VOICE_ERROR_FORBIDDEN", 3, False, "The operator forbade the call"),
    _error(5404, "EC_VOICE_ERROR_DESTINATION_NOT_FOUND", 3, False, "The called number does not exist"),
    _error(
        5407, "EC_VOICE_ERROR_PROXY_AUTHENTICATION_REQUIRED", 3, False, "The operator's proxy asked for authentication"
    ),
    _error(5408, "EC_VOICE_ERROR_REQUEST_TIMEOUT", 3, False, "The operator did not answer in time"),
    _error(5410, "EC_VOICE_ERROR_GONE", 3, False, "The called number is no longer in use"),
    _error(
        5413, "EC_VOICE_ERROR_REQUEST_ENTITY_TOO_LARGE", 3, False, "The call request was too large for the operator"
    ),
    _error(5414, "EC_VOICE_ERROR_REQUEST_URI_TOO_LONG", 3, False, "The address in the call request was too long"),
    _error(5415, "EC_VOICE_UNSUPPORTED_MEDIA_TYPE", 3, False, "The operator does not support the media of the call"),
    _error(5480, "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE", 1, False, "The telephone cannot be reached at present"),
    _error(5481, "EC_VOICE_ERROR_CALL_DOES_NOT_EXIST", 3, False, "The operator does not know the call"),
    _error(5484, "EC_VOICE_ERROR_ADDRESS_INCOMPLETE", 3, False, "The called number is incomplete"),
    _error(5487, "EC_VOICE_ERROR_REQUEST_TERMINATED", 3, False, "The call request was ended before an answer"),
    _error(5488, "EC_VOICE_ERROR_NOT_ACCEPTABLE_HERE", 3, False, "The operator does not accept the terms of the call"),
    _error(
        5491, "EC_VOICE_ERROR_REQUEST_PENDING", 3, False, "The operator is still busy with another request of this call"
    ),
    _error(5501, "EC_NOT_IMPLEMENTED", 3, True, "The operator does not offer this function"),
    _error(5503, "EC_SERVICE_UNAVAILABLE", 3, True, "The operator's service is not available"),
    _error(5603, "EC_DECLINE", 1, False, "The called person declined"),
    _error(10000, "NORMAL_HANGUP", 0, True, "The call ended normally"),
    _error(10001, "ANSWERED_ELSEWHERE", 0, True, "The call was answered on another telephone"),
    _error(10002, "MACHINE_DETECTED", 0, True, "Call answered by a machine", "machine"),
    _error(10003, "HUMAN_DETECTED", 0, True, "Call answered by a human", "human"),
    _error(10004, "MAX_DURATION_REACHED", 0, True, "The call reached its longest duration"),
    _error(10100, "DEVICE_FORBIDDEN", 1, True, "The telephone refused the call"),
    _error(10101, "DEVICE_NOT_FOUND", 1, True, "The telephone was not found"),
    _error(10102, "DEVICE_UNAVAILABLE", 1, True, "The telephone is not available"),
    _error(10103, "MEDIA_ERROR", 1, True, "The media of the call failed"),
    _error(10200, "NO_ANSWER", 2, True, "Nobody answered"),
    _error(10201, "BUSY", 2, True, "The line was busy"),
    _error(10202, "CANCELLED", 2, True, "The call was cancelled"),
    _error(10203, "REJECTED", 2, True, "The called person declined"),
    _error(10204, "TEMPORARILY_UNAVAILABLE", 2, True, "The called person cannot be reached at present"),
    _error(10300, "FORBIDDEN", 3, True, "The call is forbidden"),
    _error(10301, "INSUFFICIENT_FUNDS", 3, True, "Not enough credit for the call"),
    _error(10302, "UNAUTHENTICATED", 3, True, "The caller is not authenticated"),
    _error(10303, "DESTINATION_NOT_FOUND", 3, True, "The called number does not exist"),
    _error(10304, "DESTINATION_UNAVAILABLE", 3, True, "The called number cannot be reached"),
    _error(10305, "INVALID_DESTINATION", 3, True, "The called number is not valid"),
    _error(10306, "INVALID_REQUEST", 3, True, "The call request is not valid"),
    _error(10307, "REQUEST_TIMEOUT", 3, True, "The call request was not answered in time"),
    _error(10308, "NETWORK_ERROR", 3, True, "A fault of the network"),
    _error(10309, "SERVICE_UNAVAILABLE", 3, True, "The service is not available"),
    _error(10310, "UNKNOWN", 3, True, "The cause is not known"),
    _error(10311, "FEATURE_UNAVAILABLE", 3, True, "The function is not available"),
    _error(10312, "CONGESTION", 3, True, "The network is congested"),
    _error(10313, "UNAUTHORIZED", 3, True, "The caller lacks the right to this call"),
    _error(10400, "URL_NOT_FOUND", 3, True, "The URL that the call needs was not found"),
    _error(10401, "URL_UNREACHABLE", 3, True, "The URL that the call needs could not be reached"),
    _error(10402, "INVALID_RESPONSE", 3, True, "The URL that the call needs gave an invalid answer"),
)

_ANSWERED_BY: Final[dict[str, Answerer]] = {
    key: code.answered_by for code in ERRORS if code.answered_by is not None for key in (code.name, str(code.id))
}
_ANSWERED: Final = frozenset(
    key
    for code in ERRORS
    if code.answered_by is not None or code.name in ("NORMAL_HANGUP", "MAX_DURATION_REACHED")
    for key in (code.name, str(code.id))
)
