"""Launch both kinds of call, and read their reports into generated pydantic models."""

import json
import os
from base64 import b64encode
from urllib.request import ProxyHandler, Request, build_opener

import voice_models as models

opener = build_opener(ProxyHandler({}))  # a proxy of the environment is not for this machine
pair = f"{os.environ['VOICE_USER']}:{os.environ['VOICE_PASSWORD']}".encode()


def ask(path: str, body: models.BaseModel | None = None) -> bytes:
    data = None if body is None else body.model_dump_json(by_alias=True, exclude_none=True).encode()
    request = Request(os.environ["BASE_URL"] + path, data)  # noqa: S310  the mock's
    request.add_header("Authorization", f"Basic {b64encode(pair).decode()}")
    request.add_header("Content-Type", "application/json")
    with opener.open(request) as answer:
        content: bytes = answer.read()
    return content


ivr = models.VoiceResponse.model_validate_json(
    ask(
        "/voice/ivr/1/messages",
        models.IvrLaunchRequest.model_validate(
            {"bulkId": "pydantic", "messages": [{"scenarioId": "S", "destinations": [{"to": "999100000001"}]}]}
        ),
    )
)
numbers = {"from": "999100000002", "destinationA": "999100000003", "destinationB": "999100000004"}
click = models.VoiceResponse.model_validate_json(
    ask(
        "/voice/ctc/1/send",
        models.ClickToCallLaunchRequest.model_validate({"bulkId": "pydantic", "messages": [numbers]}),
    )
)
reports, again = (
    models.VoiceReportResponse.model_validate_json(ask("/tts/3/reports?bulkId=pydantic")) for _ in range(2)
)
launched = [entry.messageId for answer in (ivr, click) for entry in answer.messages]
fetched = [each.messageId for each in reports.results]
print(json.dumps({"launched": launched, "reports": fetched, "again": len(again.results)}))
