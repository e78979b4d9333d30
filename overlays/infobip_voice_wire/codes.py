"""Status and error codes: one table of what is known, for the mock, the documentation and the tests.

The codes are open sets (contract, codes): a server may send others, 87 is the id of two statuses, and since 2024 voice
errors are numbered from 10000 where the documentation of these operations has 5000 and up. The descriptions of
`PENDING_ACCEPTED`, `DELIVERED_TO_HANDSET`, `EXPIRED_EXPIRED` and `VOICE_ANSWERED` are those seen on the wire, all others
are our own words.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

__all__ = ["ERRORS", "STATUSES", "Code", "error", "status"]


@dataclass(frozen=True, slots=True)
class Code:
    """One known code.

    Attributes:
        kind: whether it is the status of a message or the error of a call.
        id: its number, which is not unique.
        name: its name on the wire.
        group_id: the number of its group.
        group_name: the name of its group on the wire.
        permanent: whether the error is permanent; None for a status.
        family: `general`, `voice`, or of the two numberings of voice errors `voice-5xxx` or `voice-10xxx`.
        description: the code in words.
    """

    kind: Literal["status", "error"]
    id: int
    name: str
    group_id: int
    group_name: str
    permanent: bool | None
    family: str
    description: str

    def as_status(self) -> dict[str, Any]:
        """Return the JSON object of a status, its members in the order of the documentation's samples."""
        return {
            "groupId": self.group_id,
            "groupName": self.group_name,
            "id": self.id,
            "name": self.name,
            "description": self.description,
        }

    def as_error(self) -> dict[str, Any]:
        """Return the JSON object of an error, its members in the order of the documentation's samples."""
        return {**self.as_status(), "permanent": self.permanent}


def status(name: str) -> Code:
    """Return the status of this name, the first in the table if groups differ.

    Raises:
        KeyError: the table has no such status.
    """
    return _find(STATUSES, name)


def error(name: str) -> Code:
    """Return the error of this name.

    Raises:
        KeyError: the table has no such error.
    """
    return _find(ERRORS, name)


def _find(codes: tuple[Code, ...], name: str) -> Code:
    for code in codes:
        if code.name == name:
            return code
    raise KeyError(name)


STATUSES: Final[tuple[Code, ...]] = (
    Code("status", 2, "DELIVERED_TO_OPERATOR", 3, "DELIVERED", None, "general", "Handed over to the operator"),
    Code("status", 3, "PENDING_WAITING_DELIVERY", 1, "PENDING", None, "general", "Waiting for delivery"),
    Code(
        "status", 4, "UNDELIVERABLE_REJECTED_OPERATOR", 2, "UNDELIVERABLE", None, "general", "Rejected by the operator"
    ),
    Code("status", 5, "DELIVERED_TO_HANDSET", 3, "DELIVERED", None, "general", "Message delivered to handset"),
    Code("status", 6, "REJECTED_NETWORK", 5, "REJECTED", None, "general", "The network is not served"),
    Code("status", 7, "PENDING_ENROUTE", 1, "PENDING", None, "general", "On its way"),
    Code(
        "status",
        8,
        "REJECTED_PREFIX_MISSING",
        5,
        "REJECTED",
        None,
        "general",
        "The number's prefix belongs to no known network",
    ),
    Code(
        "status",
        9,
        "UNDELIVERABLE_NOT_DELIVERED",
        2,
        "UNDELIVERABLE",
        None,
        "general",
        "The call did not reach anybody",
    ),
    Code("status", 10, "REJECTED_DND", 5, "REJECTED", None, "general", "The subscriber is on a do-not-disturb list"),
    Code("status", 11, "REJECTED_SOURCE", 5, "REJECTED", None, "general", "The caller's number is blocked"),
    Code(
        "status", 12, "REJECTED_NOT_ENOUGH_CREDITS", 5, "REJECTED", None, "general", "Not enough credit on the account"
    ),
    Code("status", 13, "REJECTED_SENDER", 5, "REJECTED", None, "general", "The caller's number is not allowed"),
    Code(
        "status",
        14,
        "REJECTED_DESTINATION_BLOCKLISTED",
        5,
        "REJECTED",
        None,
        "general",
        "The called number is on a block list",
    ),
    Code("status", 15, "EXPIRED_EXPIRED", 4, "EXPIRED", None, "general", "Message expired"),
    Code(
        "status",
        17,
        "REJECTED_PREPAID_PACKAGE_EXPIRED",
        5,
        "REJECTED",
        None,
        "general",
        "The account's prepaid package has expired",
    ),
    Code(
        "status",
        18,
        "REJECTED_DESTINATION_NOT_REGISTERED",
        5,
        "REJECTED",
        None,
        "general",
        "The called number is not registered for this trial account",
    ),
    Code("status", 19, "REJECTED_ROUTE_NOT_AVAILABLE", 5, "REJECTED", None, "general", "No route to the called number"),
    Code(
        "status", 20, "REJECTED_FLOODING_FILTER", 5, "REJECTED", None, "general", "Too many messages to the same number"
    ),
    Code("status", 21, "REJECTED_SYSTEM_ERROR", 5, "REJECTED", None, "general", "A fault of the platform"),
    Code(
        "status",
        23,
        "REJECTED_DUPLICATE_MESSAGE_ID",
        5,
        "REJECTED",
        None,
        "general",
        "The message ID has been used already",
    ),
    Code("status", 24, "REJECTED_INVALID_UDH", 5, "REJECTED", None, "general", "The user data header is not valid"),
    Code("status", 25, "REJECTED_MESSAGE_TOO_LONG", 5, "REJECTED", None, "general", "The message is too long"),
    Code("status", 26, "PENDING_ACCEPTED", 1, "PENDING", None, "general", "Message accepted, pending for delivery."),
    Code(
        "status",
        29,
        "EXPIRED_DLR_UNKNOWN",
        4,
        "EXPIRED",
        None,
        "general",
        "No delivery report arrived from the operator",
    ),
    Code("status", 31, "UNDELIVERABLE_NOT_SENT", 2, "UNDELIVERABLE", None, "general", "The message could not be sent"),
    Code("status", 51, "MISSING_TO", 5, "REJECTED", None, "general", "The called number is missing"),
    Code("status", 52, "REJECTED_DESTINATION", 5, "REJECTED", None, "general", "The called number is not valid"),
    Code(
        "status",
        53,
        "REJECTED_INVALID_AUDIO_FILE_URL",
        5,
        "REJECTED",
        None,
        "voice",
        "The URL of the audio file is not valid",
    ),
    Code("status", 54, "REJECTED_UNSUPPORTED_LANGUAGE", 5, "REJECTED", None, "voice", "The language is not supported"),
    Code(
        "status",
        55,
        "REJECTED_MESSAGE_IS_EMPTY",
        5,
        "REJECTED",
        None,
        "voice",
        "There is neither a text nor an audio file",
    ),
    Code(
        "status", 56, "REJECTED_INVALID_NOTIFY_URL", 5, "REJECTED", None, "voice", "The notification URL is not valid"
    ),
    Code(
        "status",
        57,
        "REJECTED_INVALID_NOTIFY_CONTENT_TYPE",
        5,
        "REJECTED",
        None,
        "voice",
        "The notification content type is not valid",
    ),
    Code("status", 58, "REJECTED_INVALID_DTMF_SIGN", 5, "REJECTED", None, "voice", "The DTMF sign is not valid"),
    Code("status", 59, "REJECTED_INVALID_DTMF_TIMEOUT", 5, "REJECTED", None, "voice", "The DTMF timeout is not valid"),
    Code("status", 60, "REJECTED_INVALID_RING_TIMEOUT", 5, "REJECTED", None, "voice", "The ring timeout is not valid"),
    Code("status", 61, "REJECTED_INVALID_CALL_TIMEOUT", 5, "REJECTED", None, "voice", "The call timeout is not valid"),
    Code(
        "status",
        62,
        "REJECTED_INVALID_MACHINE_DETECTION",
        5,
        "REJECTED",
        None,
        "voice",
        "The machine detection setting is not valid",
    ),
    Code("status", 63, "REJECTED_INVALID_ACTIONS", 5, "REJECTED", None, "voice", "The actions are not valid"),
    Code(
        "status", 64, "REJECTED_INVALID_ACTION_GROUPS", 5, "REJECTED", None, "voice", "The action groups are not valid"
    ),
    Code(
        "status",
        83,
        "REJECTED_MACHINE_DETECTION_DISABLED",
        5,
        "REJECTED",
        None,
        "voice",
        "Machine detection is not enabled for this account",
    ),
    Code(
        "status",
        87,
        "REJECTED_INVALID_DELIVERY_TIME_WINDOW",
        5,
        "REJECTED",
        None,
        "voice",
        "The delivery time window is not valid",
    ),
    Code("status", 87, "SIGNALS_BLOCKED", 4, "EXPIRED", None, "general", "Blocked by the fraud protection"),
    Code("status", 87, "SIGNALS_BLOCKED", 5, "REJECTED", None, "general", "Blocked by the fraud protection"),
    Code("status", 91, "REJECTED_INVALID_SSML", 5, "REJECTED", None, "voice", "The SSML is not valid"),
    Code("status", 96, "NO_ANSWER", 2, "UNDELIVERABLE", None, "general", "Nobody answered"),
    Code("status", 97, "BUSY", 2, "UNDELIVERABLE", None, "general", "The line was busy"),
    Code("status", 98, "CANCELLED", 2, "UNDELIVERABLE", None, "general", "The call was cancelled"),
    Code("status", 99, "REJECTED", 5, "REJECTED", None, "general", "The call was rejected"),
    Code("status", 100, "UNDELIVERABLE_REJECTED_PLATFORM", 5, "REJECTED", None, "general", "Rejected by the platform"),
)

ERRORS: Final[tuple[Code, ...]] = (
    Code("error", 0, "NO_ERROR", 0, "OK", True, "general", "No error"),
    Code("error", 5000, "VOICE_ANSWERED", 0, "OK", True, "voice-5xxx", "Call answered by human"),
    Code("error", 5001, "VOICE_ANSWERED_MACHINE", 0, "OK", True, "voice-5xxx", "Call answered by a machine"),
    Code("error", 5002, "EC_VOICE_USER_BUSY", 3, "OPERATOR_ERRORS", True, "voice-5xxx", "The line was busy"),
    Code("error", 5003, "EC_VOICE_NO_ANSWER", 3, "OPERATOR_ERRORS", True, "voice-5xxx", "Nobody answered"),
    Code(
        "error",
        5004,
        "EC_VOICE_ERROR_DOWNLOADING_FILE",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-5xxx",
        "The audio file could not be downloaded",
    ),
    Code(
        "error",
        5005,
        "EC_VOICE_ERROR_UNSUPPORTED_AUDIO_FORMAT",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-5xxx",
        "The format of the audio file is not supported",
    ),
    Code(
        "error",
        5400,
        "EC_VOICE_ERROR_BAD_REQUEST",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The operator did not understand the call request",
    ),
    Code(
        "error",
        5403,
        "EC_VOICE_ERROR_FORBIDDEN",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The operator forbade the call",
    ),
    Code(
        "error",
        5404,
        "EC_VOICE_ERROR_DESTINATION_NOT_FOUND",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The called number does not exist",
    ),
    Code(
        "error",
        5407,
        "EC_VOICE_ERROR_PROXY_AUTHENTICATION_REQUIRED",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The operator's proxy asked for authentication",
    ),
    Code(
        "error",
        5408,
        "EC_VOICE_ERROR_REQUEST_TIMEOUT",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The operator did not answer in time",
    ),
    Code(
        "error",
        5410,
        "EC_VOICE_ERROR_GONE",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The called number is no longer in use",
    ),
    Code(
        "error",
        5413,
        "EC_VOICE_ERROR_REQUEST_ENTITY_TOO_LARGE",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The call request was too large for the operator",
    ),
    Code(
        "error",
        5414,
        "EC_VOICE_ERROR_REQUEST_URI_TOO_LONG",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The address in the call request was too long for the operator",
    ),
    Code(
        "error",
        5415,
        "EC_VOICE_UNSUPPORTED_MEDIA_TYPE",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The operator does not support the media of the call",
    ),
    Code(
        "error",
        5480,
        "EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE",
        1,
        "HANDSET_ERRORS",
        False,
        "voice-5xxx",
        "The telephone cannot be reached at present",
    ),
    Code(
        "error",
        5481,
        "EC_VOICE_ERROR_CALL_DOES_NOT_EXIST",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The operator does not know the call",
    ),
    Code(
        "error",
        5484,
        "EC_VOICE_ERROR_ADDRESS_INCOMPLETE",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The called number is incomplete",
    ),
    Code(
        "error",
        5487,
        "EC_VOICE_ERROR_REQUEST_TERMINATED",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The call request was ended before an answer",
    ),
    Code(
        "error",
        5488,
        "EC_VOICE_ERROR_NOT_ACCEPTABLE_HERE",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The operator does not accept the terms of the call",
    ),
    Code(
        "error",
        5491,
        "EC_VOICE_ERROR_REQUEST_PENDING",
        3,
        "OPERATOR_ERRORS",
        False,
        "voice-5xxx",
        "The operator is still busy with another request of this call",
    ),
    Code(
        "error",
        5501,
        "EC_NOT_IMPLEMENTED",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-5xxx",
        "The operator does not offer this function",
    ),
    Code(
        "error",
        5503,
        "EC_SERVICE_UNAVAILABLE",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-5xxx",
        "The operator's service is not available",
    ),
    Code("error", 5603, "EC_DECLINE", 1, "HANDSET_ERRORS", False, "voice-5xxx", "The called person declined"),
    Code("error", 10000, "NORMAL_HANGUP", 0, "OK", True, "voice-10xxx", "The call ended normally"),
    Code(
        "error", 10001, "ANSWERED_ELSEWHERE", 0, "OK", True, "voice-10xxx", "The call was answered on another telephone"
    ),
    Code("error", 10002, "MACHINE_DETECTED", 0, "OK", True, "voice-10xxx", "Call answered by a machine"),
    Code("error", 10003, "HUMAN_DETECTED", 0, "OK", True, "voice-10xxx", "Call answered by a human"),
    Code("error", 10004, "MAX_DURATION_REACHED", 0, "OK", True, "voice-10xxx", "The call reached its longest duration"),
    Code(
        "error", 10100, "DEVICE_FORBIDDEN", 1, "HANDSET_ERRORS", True, "voice-10xxx", "The telephone refused the call"
    ),
    Code("error", 10101, "DEVICE_NOT_FOUND", 1, "HANDSET_ERRORS", True, "voice-10xxx", "The telephone was not found"),
    Code(
        "error", 10102, "DEVICE_UNAVAILABLE", 1, "HANDSET_ERRORS", True, "voice-10xxx", "The telephone is not available"
    ),
    Code("error", 10103, "MEDIA_ERROR", 1, "HANDSET_ERRORS", True, "voice-10xxx", "The media of the call failed"),
    Code("error", 10200, "NO_ANSWER", 2, "USER_ERRORS", True, "voice-10xxx", "Nobody answered"),
    Code("error", 10201, "BUSY", 2, "USER_ERRORS", True, "voice-10xxx", "The line was busy"),
    Code("error", 10202, "CANCELLED", 2, "USER_ERRORS", True, "voice-10xxx", "The call was cancelled"),
    Code("error", 10203, "REJECTED", 2, "USER_ERRORS", True, "voice-10xxx", "The called person declined"),
    Code(
        "error",
        10204,
        "TEMPORARILY_UNAVAILABLE",
        2,
        "USER_ERRORS",
        True,
        "voice-10xxx",
        "The called person cannot be reached at present",
    ),
    Code("error", 10300, "FORBIDDEN", 3, "OPERATOR_ERRORS", True, "voice-10xxx", "The call is forbidden"),
    Code(
        "error",
        10301,
        "INSUFFICIENT_FUNDS",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "Not enough credit for the call",
    ),
    Code(
        "error", 10302, "UNAUTHENTICATED", 3, "OPERATOR_ERRORS", True, "voice-10xxx", "The caller is not authenticated"
    ),
    Code(
        "error",
        10303,
        "DESTINATION_NOT_FOUND",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The called number does not exist",
    ),
    Code(
        "error",
        10304,
        "DESTINATION_UNAVAILABLE",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The called number cannot be reached",
    ),
    Code(
        "error",
        10305,
        "INVALID_DESTINATION",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The called number is not valid",
    ),
    Code("error", 10306, "INVALID_REQUEST", 3, "OPERATOR_ERRORS", True, "voice-10xxx", "The call request is not valid"),
    Code(
        "error",
        10307,
        "REQUEST_TIMEOUT",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The call request was not answered in time",
    ),
    Code("error", 10308, "NETWORK_ERROR", 3, "OPERATOR_ERRORS", True, "voice-10xxx", "A fault of the network"),
    Code(
        "error", 10309, "SERVICE_UNAVAILABLE", 3, "OPERATOR_ERRORS", True, "voice-10xxx", "The service is not available"
    ),
    Code("error", 10310, "UNKNOWN", 3, "OPERATOR_ERRORS", True, "voice-10xxx", "The cause is not known"),
    Code(
        "error",
        10311,
        "FEATURE_UNAVAILABLE",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The function is not available",
    ),
    Code("error", 10312, "CONGESTION", 3, "OPERATOR_ERRORS", True, "voice-10xxx", "The network is congested"),
    Code(
        "error",
        10313,
        "UNAUTHORIZED",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The caller lacks the right to this call",
    ),
    Code(
        "error",
        10400,
        "URL_NOT_FOUND",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The URL that the call needs was not found",
    ),
    Code(
        "error",
        10401,
        "URL_UNREACHABLE",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The URL that the call needs could not be reached",
    ),
    Code(
        "error",
        10402,
        "INVALID_RESPONSE",
        3,
        "OPERATOR_ERRORS",
        True,
        "voice-10xxx",
        "The URL that the call needs gave an invalid answer",
    ),
)
