"""A server as a team in a hurry would write it from the documentation pages, without this project.

It is an honest attempt that was never compared with anything. `FAULTS` lists where it differs from
the contract, by the rules that have to say so; a test holds the kit to exactly this list.
"""

import base64
import json
import uuid
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ACCEPTED = {
    "groupId": 1,
    "groupName": "PENDING",
    "id": 26,
    "name": "PENDING_ACCEPTED",
    "description": "Message accepted, pending for delivery.",
}
reports: list[dict] = []


def refuse(status, kind, text):
    return JSONResponse({"requestError": {"serviceException": {"messageId": kind, "text": text}}}, status)


def authorized(request):
    header = request.headers.get("authorization", "")
    if not header.startswith("Basic "):
        return False
    try:
        return base64.b64decode(header[6:]).decode() == "Aladdin:open sesame"
    except Exception:
        return False


def to_xml(name, value):
    if isinstance(value, list):
        return "".join(to_xml(name, item) for item in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(to_xml(key, inner) for key, inner in value.items())}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def answer(request, document, root):
    if "xml" in request.headers.get("accept", ""):
        return Response(to_xml(root, document), media_type="application/xml")
    return JSONResponse(document)


def report_of(bulk, message_id, to):
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {
        "bulkId": bulk,
        "messageId": message_id,
        "to": to,
        "sentAt": now,
        "doneAt": now,
        "duration": 10,
        "mccMnc": "21901",
        "price": {"pricePerSecond": 0.01, "currency": "EUR"},
        "status": {
            "groupId": 3,
            "groupName": "DELIVERED",
            "id": 5,
            "name": "DELIVERED_TO_HANDSET",
            "description": "Message delivered to handset",
        },
        "error": {
            "groupId": 0,
            "groupName": "OK",
            "id": 5000,
            "name": "VOICE_ANSWERED",
            "description": "Call answered by human",
            "permanent": True,
        },
    }


async def launch_ivr(request: Request):
    if not authorized(request):
        return refuse(401, "UNAUTHORIZED", "Invalid login details")
    try:
        body = json.loads(await request.body())
        bulk = body.get("bulkId") or str(uuid.uuid4())
        entries = []
        for message in body["messages"]:
            if "scenarioId" not in message:
                return refuse(400, "BAD_REQUEST", "scenarioId is required")
            for destination in message["destinations"]:
                message_id = destination.get("messageId") or str(uuid.uuid4())
                entries.append({"to": destination["to"], "status": ACCEPTED, "messageId": message_id})
                reports.append(report_of(bulk, message_id, destination["to"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return refuse(400, "BAD_REQUEST", "Bad Request")
    return answer(request, {"bulkId": bulk, "messages": entries}, "voiceResponse")


async def launch_ctc(request: Request):
    if not authorized(request):
        return refuse(401, "UNAUTHORIZED", "Invalid login details")
    try:
        body = json.loads(await request.body())
        bulk = body.get("bulkId") or str(uuid.uuid4())
        entries = []
        for message in body["messages"]:
            message_id = message.get("messageId") or str(uuid.uuid4())
            entries.append({"to": message["destinationA"], "status": ACCEPTED, "messageId": message_id})
            reports.append(report_of(bulk, message_id, message["destinationA"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return refuse(400, "BAD_REQUEST", "Bad Request")
    return answer(request, {"bulkId": bulk, "messages": entries}, "voiceResponse")


async def fetch_reports(request: Request):
    if not authorized(request):
        return refuse(401, "UNAUTHORIZED", "Invalid login details")
    limit = int(request.query_params.get("limit", 50))
    found = list(reports)
    if "bulkId" in request.query_params:
        found = [report for report in found if report["bulkId"] == request.query_params["bulkId"]]
    if "messageId" in request.query_params:
        found = [report for report in found if report["messageId"] == request.query_params["messageId"]]
    page = found[:limit]
    reports.clear()  # they are returned only once
    return answer(request, {"results": page}, "reportResponse")


app = Starlette(
    routes=[
        Route("/voice/ivr/1/messages", launch_ivr, methods=["POST"]),
        Route("/voice/ctc/1/send", launch_ctc, methods=["POST"]),
        Route("/tts/3/reports", fetch_reports, methods=["GET"]),
    ]
)
