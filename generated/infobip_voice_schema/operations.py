# Generated from openapi.yaml by tools/generate.py. Do not edit.
"""How each operation is requested, and what sending it again does."""

from typing import Final, TypedDict

__all__ = ["OPERATIONS", "Operation"]


class Operation(TypedDict):
    """What the contract says of an operation.

    Members:
        method: the HTTP method.
        path: the path, without a query.
        idempotent: sending it twice has the effect of sending it once (`x-idempotent`).
        consumes_on_read: what an answer carries is handed out once (`x-consumes-on-read`).
    """

    method: str
    path: str
    idempotent: bool
    consumes_on_read: bool


OPERATIONS: Final[dict[str, Operation]] = {
    "launchOutboundIvr": {
        "method": "POST",
        "path": "/voice/ivr/1/messages",
        "idempotent": False,
        "consumes_on_read": False,
    },
    "launchClickToCall": {
        "method": "POST",
        "path": "/voice/ctc/1/send",
        "idempotent": False,
        "consumes_on_read": False,
    },
    "fetchReports": {
        "method": "GET",
        "path": "/tts/3/reports",
        "idempotent": False,
        "consumes_on_read": True,
    },
}
