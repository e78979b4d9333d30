"""A gateway that takes launches and hands out delivery reports: the server of an imaginary team.

    uvicorn --factory gateway:create_app --port 9000

It has the faults that a server has in its first months. It calls nobody: every call is answered as
soon as it is due. The password of its one account, Aladdin, is in GATEWAY_PASSWORD.
"""

import base64
import hmac
import json
import os
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import jsonschema_rs

from infobip_voice_wire import documents, media_types, xml
from infobip_voice_wire.media_types import JSON, XML

MAX_BODY = 4 * 1024 * 1024
LAUNCHES = {"/voice/ivr/1/messages": "IvrLaunchRequest", "/voice/ctc/1/send": "ClickToCallLaunchRequest"}
REPORTS = "/tts/3/reports"
KINDS = {
    400: "BAD_REQUEST", 401: "UNAUTHORIZED", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 406: "NOT_ACCEPTABLE",
    413: "PAYLOAD_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE",
}  # fmt: skip
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
PENDING = {
    "groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED",
    "description": "Message accepted, pending for delivery.",
}  # fmt: skip
DUPLICATE = {
    "groupId": 5, "groupName": "REJECTED", "id": 23, "name": "REJECTED_DUPLICATE_MESSAGE_ID",
    "description": "The message id has been used before.",
}  # fmt: skip
DELIVERED = {
    "groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET",
    "description": "Message delivered to handset",
}  # fmt: skip
ANSWERED = {
    "groupId": 0, "groupName": "OK", "id": 5000, "name": "VOICE_ANSWERED", "description": "Call answered by human",
    "permanent": True,
}  # fmt: skip


class Refused(Exception):
    """A request is refused; it has no effect."""

    def __init__(self, status: int, text: str, errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.errors = errors


class Waiting(NamedTuple):
    """A report that nobody has fetched."""

    due: float
    report: dict[str, Any]


class Gateway:
    """The whole server, as an ASGI application."""

    def __init__(self, password: str) -> None:
        self._secret = base64.b64encode(f"Aladdin:{password}".encode())
        self._used: set[str] = set()
        self._waiting: list[Waiting] = []

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        form = chosen(headers, scope["path"])
        fields = {"content-type": form or JSON, "cache-control": "no-store"}
        try:
            schema, answer = self._answered(scope, headers, body, form)
            status = 200
        except Refused as refused:
            status, schema, answer = refused.status, "ApiException", refusal(refused)
            fields |= {401: {"www-authenticate": "Basic"}, 405: {"allow": allowed(scope["path"])}}.get(status, {})
        document = xml.encode(answer, schema) if form == XML else json.dumps(answer).encode()
        listed = [(name.encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": status, "headers": listed})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else document})

    def _answered(self, scope: Any, headers: dict[str, str], body: bytes, form: str | None) -> tuple[str, Any]:
        path, method = scope["path"], scope["method"]
        scheme, _, secret = headers.get("authorization", "").partition(" ")
        if path not in (*LAUNCHES, REPORTS):
            raise Refused(404, f"There is nothing at {path}.")
        if method != allowed(path):
            raise Refused(405, f"{path} takes {allowed(path)}.")
        if scheme.lower() != "basic" or not hmac.compare_digest(secret.encode(), self._secret):
            raise Refused(401, "The credentials are missing or wrong.")
        if len(body) > MAX_BODY:
            raise Refused(413, "The body is larger than 4 MiB.")
        if form is None:
            raise Refused(406, "JSON and XML are spoken here.")
        if path == REPORTS:
            return "VoiceReportResponse", self._fetch(filters(scope["query_string"].decode()))
        if essence(headers) not in (JSON, XML):
            raise Refused(415, "JSON and XML are spoken here.")
        if scope["query_string"]:
            raise Refused(400, "A launch has no query.")
        return "VoiceResponse", self._launch(read(body, headers["content-type"], LAUNCHES[path]))

    def _launch(self, request: dict[str, Any]) -> dict[str, Any]:
        now = time.time()
        calls = [
            (item, position, each)
            for item in request["messages"]
            for position, each in enumerate(item.get("destinations", [item]))
        ]
        bulk = {"bulkId": request.get("bulkId") or str(uuid.uuid4())} if "bulkId" in request or len(calls) > 1 else {}
        entries: list[dict[str, Any]] = []
        for item, position, each in calls:
            to = each.get("to") or each["destinationA"]
            message_id = each.get("messageId") or str(uuid.uuid4())
            status = DUPLICATE if message_id in self._used else PENDING
            entries.append({"to": to, "status": status, "messageId": message_id})
            if status is PENDING:
                self._used.add(message_id)
                self._waiting.append(Waiting(due(item, position, now), report(bulk, message_id, to, item)))
        return {**bulk, "messages": entries}

    def _fetch(self, wanted: dict[str, str]) -> dict[str, Any]:
        now, limit = time.time(), int(wanted.pop("limit", "50"))
        ready = [waiting for waiting in sorted(self._waiting, key=lambda each: each.due) if waiting.due <= now]
        matching = [each for each in ready if all(each.report.get(name) == value for name, value in wanted.items())]
        taken = matching[:limit]
        gone = ready if wanted else taken  # FAULT: a filter throws away what it does not return
        self._waiting = [waiting for waiting in self._waiting if waiting not in gone]
        return {"results": [{**each.report, "sentAt": moment(each.due), "doneAt": moment(each.due)} for each in taken]}


def allowed(path: str) -> str:
    """Return the method of a path."""
    return "POST" if path in LAUNCHES else "GET"


def essence(headers: dict[str, str]) -> str:
    """Return the media type of a body, without parameters."""
    media_type = media_types.parse(headers.get("content-type", ""))
    return media_type.essence if media_type is not None else ""


def chosen(headers: dict[str, str], path: str) -> str | None:
    """Return the media type of an answer; None if neither is accepted.

    Where nobody asks for one, a launch is answered in the form that it has.
    """
    mirrored = XML if path in LAUNCHES and essence(headers) == XML else JSON
    return media_types.negotiate(headers["accept"], (JSON, XML), mirrored) if "accept" in headers else mirrored


def filters(query: str) -> dict[str, str]:
    """Return the filters of a query."""
    pairs = parse_qsl(query, keep_blank_values=True)
    wanted = dict(pairs)
    is_wrong = (
        len(wanted) != len(pairs)
        or not wanted.keys() <= {"bulkId", "messageId", "limit"}
        or not re.fullmatch("[1-9][0-9]{0,9}", wanted.get("limit", "50"))
        or int(wanted.get("limit", "50")) > 2147483647
        or not all(1 <= len(wanted[name]) <= 100 for name in wanted.keys() - {"limit"})
    )
    if is_wrong:
        raise Refused(400, "The query has a parameter that is unknown, wrong, or there twice.")
    return wanted


def read(body: bytes, content_type: str, schema: str) -> Any:
    """Return a launch, held against the contract that the package `infobip-voice` brings along."""
    try:
        value = documents.decode(body, content_type, schema)
    except ValueError:
        raise Refused(400, "The body cannot be read.") from None
    errors: dict[str, list[str]] = {}
    for error in VALIDATORS[schema].iter_errors(value):
        for where in places(error):
            errors.setdefault(where, []).append(f"breaks the rule {error.kind.name}")
    for index, item in enumerate([] if errors else value["messages"]):
        window = item.get("deliveryTimeWindow", {})
        if "from" in window and window["from"] == window.get("to"):
            errors[f"messages[{index}].deliveryTimeWindow.to"] = ["equals from"]
    if errors:
        raise Refused(400, "The request breaks the contract.", errors)
    return value


def places(error: Any) -> list[str]:
    """Return where an error is, as the API writes it: `messages[0].destinations[1].to`."""
    kind = error.kind
    missing = [kind.property] if kind.name == "required" else []
    unknown = kind.unexpected if kind.name == "unevaluatedProperties" else []
    named = [str(kind.error.instance)] if kind.name == "propertyNames" else []
    paths = [[*error.instance_path, *more] for more in [[each] for each in (*missing, *unknown, *named)] or [[]]]
    return [written(path) or "$" for path in paths]


def written(path: list[str | int]) -> str:
    """Return a path as one text."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def due(item: dict[str, Any], position: int, now: float) -> float:
    """Return when a call is made."""
    begin = max(now, datetime.fromisoformat(item["sendAt"]).timestamp()) if item.get("sendAt") else now
    speed = item.get("sendingSpeed")
    at = begin + position * SECONDS[speed["timeUnit"]] / float(speed["speed"]) if speed else begin
    return opening(item["deliveryTimeWindow"], at) if item.get("deliveryTimeWindow") else at


def opening(window: dict[str, Any], at: float) -> float:
    """Return when a window is open, in UTC; past midnight it belongs to the day it begins on."""
    begin, end = (
        int(window[name]["hour"]) * 60 + int(window[name]["minute"]) if name in window else 0 for name in ("from", "to")
    )
    length = (end - begin) % 1440 or 1440
    moment = datetime.fromtimestamp(at, UTC)
    while True:
        day = moment - timedelta(minutes=begin)
        if f"{day:%A}".upper() in window["days"] and day.hour * 60 + day.minute < length:
            return moment.timestamp()
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def report(bulk: dict[str, str], message_id: str, to: str, item: dict[str, Any]) -> dict[str, Any]:
    """Return the report of a call of ten seconds, or as many as it may last, without its times."""
    price = {"pricePerSecond": 0.01, "currency": "EUR"}
    return {
        **bulk,
        "messageId": message_id,
        "to": to,
        "duration": min([10, *(int(item[name]) for name in ("callTimeout", "maxDuration") if name in item)]),
        "price": price,
        "status": DELIVERED,
        "error": ANSWERED,
    }


def moment(at: float) -> str:
    """Return a time as reports have it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def refusal(refused: Refused) -> dict[str, Any]:
    """Return the document of a refusal."""
    exception: dict[str, Any] = {"messageId": KINDS[refused.status], "text": str(refused)}
    if refused.errors:
        exception["validationErrors"] = refused.errors
    return {"requestError": {"serviceException": exception}}


def _validators() -> dict[str, jsonschema_rs.Draft202012Validator]:
    contract = json.loads(resources.files("infobip_voice_schema").joinpath("openapi.json").read_bytes())
    return {
        name: jsonschema_rs.Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}
        )
        for name in LAUNCHES.values()
    }


VALIDATORS = _validators()


def create_app() -> Gateway:
    """Return a new gateway."""
    return Gateway(os.environ["GATEWAY_PASSWORD"])
