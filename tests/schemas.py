"""The contract as schemathesis reads it, with what stock schemathesis leaves out.

We add three things: answers are read strictly in either form, each media type of a request is
tested by itself, and a case is judged by the rules of the contract kit on the bytes that were sent.
"""

import copy
import json
from functools import cache
from typing import Any

import jsonschema
import schemathesis

from infobip_voice_contract.contract import Contract, judged_document
from infobip_voice_contract.exchange import ACCOUNT, Answer, Exchange, Request
from infobip_voice_contract.history import History
from infobip_voice_contract.readers import read
from infobip_voice_contract.verdicts import judge
from infobip_voice_wire import xml

CONTRACT = judged_document(required_headers=True)
JUDGES = {edition: Contract(edition) for edition in ("seeds", "2026")}
JSON, XML = "application/json", "application/xml"
OTHERWISE = ("schema", "empty list", "items", "price")  # problems that other checks, or the rules of the edition, see
EXAMPLES = 30  # beside the cases that follow from the schemas' bounds


@schemathesis.deserializer(XML, JSON)
def _read(context: schemathesis.DeserializationContext, response: schemathesis.Response) -> object:
    success = "VoiceReportResponse" if context.operation.method == "get" else "VoiceResponse"
    answer = Answer(response.status_code, _fields(response.headers), response.content)
    document = read(answer, success if response.status_code == 200 else "ApiException", JUDGES["seeds"])
    unreadable = [problem.text for problem in document.problems if problem.kind not in OTHERWISE]
    if unreadable:
        raise ValueError("; ".join(unreadable))
    return document.value


def _fields(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)


def broken(response: schemathesis.Response, authorization: str, edition: str) -> list[str]:
    """Return what the rules of the contract kit say against an exchange, assumptions included."""
    sent = response.request
    headers = tuple((name, ACCOUNT if value == authorization else str(value)) for name, value in sent.headers.items())
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    request = Request(str(sent.method), sent.path_url, headers, body)
    answer = Answer(response.status_code, _fields(response.headers), response.content)
    history = History.of([Exchange(1, "generated", 0.0, 0.0, request, answer)], JUDGES[edition])
    return [f"{each.rule.id}: {each.findings[0].problem}" for each in judge(history, {}) if each.broken]


def schema(media_type: str) -> schemathesis.BaseSchema:
    """Return the contract with `media_type` as the only form of a request body."""
    document = copy.deepcopy(CONTRACT)
    for item in document["paths"].values():
        for operation in item.values():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]
                operation["requestBody"]["content"] = {media_type: content[media_type]}
    config = schemathesis.Config(seed=0)
    config.projects.default.generation.update(deterministic=True, max_examples=EXAMPLES)
    return schemathesis.openapi.from_dict(document, config=config)


json_schema, xml_schema = schema(JSON), schema(XML)


def is_valid_as_sent(case: schemathesis.Case, response: schemathesis.Response) -> bool:
    """Return whether a launch that went out is valid, whatever was intended.

    XML has no JSON types: `"5"` and 5 are the same element. The serializer of schemathesis also
    drops characters and renames elements that XML cannot carry. So an invalid case may become a
    valid request on its way. And schemathesis takes a window that closes and never opens for valid,
    because it does not know `dependentRequired`.
    """
    value = sent(case, response)
    return value is not None and validator(schema_name(case)).is_valid(value)


def editions_that_refuse(value: Any) -> set[str]:
    """Return the editions that refuse a valid launch for what its schema cannot say (R18, R20)."""
    messages = value["messages"]
    hours = [message.get("deliveryTimeWindow", {}) for message in messages]
    if any("to" in window and window["from"] == window["to"] for window in hours):
        return {"seeds", "2026"}
    asked = {"minPeriod", "maxPeriod", "maxCount"}
    strict = any("retry" in message and not asked.issubset(message["retry"]) for message in messages)
    return {"2026"} if strict else set()


def sent(case: schemathesis.Case, response: schemathesis.Response) -> Any:
    """Return the body of a launch as it went out, as a JSON value; None if it cannot be read."""
    body = response.request.body or b""
    try:
        if case.media_type == XML:
            return xml.decode(body, schema_name(case))
        return json.loads(body)
    except (xml.XmlError, ValueError):
        return None


def schema_name(case: schemathesis.Case) -> str:
    """Return the name of the schema of a launch."""
    content = CONTRACT["paths"][case.path]["post"]["requestBody"]["content"]
    name: str = content[JSON]["schema"]["$ref"].rpartition("/")[2]
    return name


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    rules = {"$ref": f"#/components/schemas/{name}", "components": CONTRACT["components"]}
    return jsonschema.Draft202012Validator(rules)
