"""Requests generated from the contract, valid and invalid, in every media type; every answer is judged by the contract.

What stock schemathesis leaves out is set here: `Accept` is ours, XML answers are read and validated, each media type of a
request is run by itself, and a warning is a failure.
"""

import copy
import json
import os
from pathlib import Path

import jsonschema
import pytest
import schemathesis
from schemathesis.specs.openapi.checks import negative_data_rejection

from infobip_voice_wire import xml

CONTRACT = json.loads(Path(__file__).parents[2].joinpath("generated/infobip_voice_schema/openapi.json").read_text())
JSON, XML = "application/json", "application/xml"
SEED = os.environ.get("CONTRACT_SEED")


@schemathesis.deserializer(XML)
def _read_xml(context: schemathesis.DeserializationContext, response: schemathesis.Response) -> object:
    success = "VoiceReportResponse" if context.operation.method == "get" else "VoiceResponse"
    return xml.decode(response.content, success if response.status_code == 200 else "ApiException")


def schema(media_type: str) -> schemathesis.BaseSchema:
    """Return the contract with `media_type` as the only form of a request body."""
    document = copy.deepcopy(CONTRACT)
    for item in document["paths"].values():
        for operation in item.values():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]
                operation["requestBody"]["content"] = {media_type: content[media_type]}
    config = schemathesis.Config(seed=int(SEED or 0))
    config.projects.default.generation.update(deterministic=SEED is None, max_examples=100)
    return schemathesis.openapi.from_dict(document, config=config)


json_schema, xml_schema = schema(JSON), schema(XML)


def is_valid_as_sent(case: schemathesis.Case, response: schemathesis.Response) -> bool:
    """Whether the XML that went out is valid, whatever it was meant to be.

    XML has no JSON types and the generator's serializer drops characters and renames elements that XML cannot carry, so a
    negative case may turn into a legal request on its way: `"5"` in place of 5 is the same element.
    """
    body = CONTRACT["paths"][case.path]["post"]["requestBody"]["content"][XML]
    name = body["schema"]["$ref"].rpartition("/")[2]
    try:
        value = xml.decode(response.request.body or b"", name)
    except xml.XmlError:
        return False
    rules = {"$ref": f"#/components/schemas/{name}", "components": CONTRACT["components"]}
    return jsonschema.Draft202012Validator(rules).is_valid(value)


@json_schema.parametrize()
@pytest.mark.parametrize("accept", [JSON, XML])
def test_json(case, accept, base_url, authorization):
    """JSON bodies, and the query of the reports, with each form of the answer."""
    case.call_and_validate(base_url=base_url, headers={"Authorization": authorization, "Accept": accept})


@xml_schema.include(method="POST").parametrize()
@pytest.mark.parametrize("accept", [JSON, XML])
def test_xml(case, accept, base_url, authorization):
    """XML bodies, written by the generator's own serializer, so that not only our codec decides what XML looks like."""
    headers = {"Authorization": authorization, "Accept": accept}
    response = case.call(base_url=base_url, headers=headers)
    excluded = [negative_data_rejection] if is_valid_as_sent(case, response) else []
    transport = {"base_url": base_url, "headers": headers}
    case.validate_response(response, headers=headers, excluded_checks=excluded, transport_kwargs=transport)
