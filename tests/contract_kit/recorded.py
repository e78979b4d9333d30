"""Recorded exchanges for tests: requests as scripts write them, answers as a server gives them."""

import json
from typing import Any

from infobip_voice_contract.contract import Contract, Edition
from infobip_voice_contract.exchange import Answer, Exchange, Request
from infobip_voice_contract.history import History
from infobip_voice_contract.safety import Numbers
from infobip_voice_contract.stage import Stage
from infobip_voice_wire import xml

JSON, XML = "application/json", "application/xml"
ACCEPTED = {
    "groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED",
    "description": "Message accepted, pending for delivery.",
}  # fmt: skip
REJECTED = {
    "groupId": 5, "groupName": "REJECTED", "id": 23, "name": "REJECTED_DUPLICATE_MESSAGE_ID", "description": "Again",
}  # fmt: skip
KINDS = {
    400: "BAD_REQUEST", 401: "UNAUTHORIZED", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 406: "NOT_ACCEPTABLE",
    413: "PAYLOAD_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE", 500: "GENERAL_ERROR",
}  # fmt: skip
NOON = 1_772_366_400.0  # 2026-03-01T12:00:00Z


def stage(edition: Edition = "seeds") -> Stage:
    """What requests are written with."""
    numbers = Numbers.of("mock")
    return Stage(
        "run", Contract(edition), numbers, sink="http://127.0.0.1:9", placeholders=("<account, wrong password>",)
    )


def document(value: Any, status: int = 200, form: str = JSON, schema: str = "ApiException", **fields: str) -> Answer:
    """An answer with a document in a form."""
    body = json.dumps(value).encode() if form == JSON else xml.encode(value, schema)
    headers = {"Content-Type": form, **{name.replace("_", "-"): text for name, text in fields.items()}}
    return Answer(status, tuple(headers.items()), body)


def refusal(status: int, form: str = JSON, **fields: str) -> Answer:
    """A refusal as it should be."""
    exception: dict[str, Any] = {"messageId": KINDS.get(status, "ODD"), "text": "No"}
    required = {401: {"WWW_Authenticate": "Basic"}, 405: {"Allow": "GET, POST"}}.get(status, {})
    return document({"requestError": {"serviceException": exception}}, status, form, **{**required, **fields})


def launched(request: Request, form: str = JSON, **other: Any) -> Answer:
    """The answer that a launch in JSON should get, with other members."""
    body = json.loads(request.body)
    entries: list[dict[str, Any]] = []
    for item in body["messages"]:
        for each in item.get("destinations", [item]):
            to = each.get("to", each.get("destinationA"))
            entries.append({"to": to, "status": ACCEPTED, "messageId": each.get("messageId", f"made-{to}")})
    value = {"messages": entries}
    if "bulkId" in body or len(entries) > 1:
        value["bulkId"] = body.get("bulkId", "made-bulk")
    return document({**value, **other}, 200, form, "VoiceResponse")


def report(message_id: str, bulk: str | None = None, **other: Any) -> dict[str, Any]:
    """A report as it should be."""
    named = {"bulkId": bulk} if bulk else {}
    return {
        **named, "messageId": message_id, "sentAt": "2026-03-01T13:00:00.000+0100", "doneAt": "2026-03-01T13:00:00.000+0100",
        "duration": 10, "price": {"pricePerSecond": 0.01, "currency": "EUR"},
        "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET", "description": "x"},
        "error": {
            "groupId": 0, "groupName": "OK", "id": 5000, "name": "VOICE_ANSWERED", "description": "x", "permanent": True,
        },
        **other,
    }  # fmt: skip


def reports(*listed: dict[str, Any], form: str = JSON, **fields: str) -> Answer:
    """The answer to a request for reports."""
    return document(
        {"results": list(listed)}, 200, form, "VoiceReportResponse", **{"Cache_Control": "no-store", **fields}
    )


class Record:
    """Exchanges in order, each a second after the one before unless a test says otherwise."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.at = NOON

    def add(
        self, request: Request, answer: Answer | None, *, script: str = "script", together: bool = False, **rest: Any
    ) -> "Record":
        if not together:
            self.at += 1
        failure = "" if answer is not None else "no whole answer"
        self.exchanges.append(
            Exchange(len(self.exchanges) + 1, script, self.at, self.at + 0.5, request, answer, failure, **rest)
        )
        return self

    def wait(self, seconds: float = 10) -> "Record":
        self.at += seconds
        return self

    def history(self, edition: Edition = "seeds", **known: Any) -> History:
        return History.of(self.exchanges, Contract(edition), **{"delay": 0.1, **known})
