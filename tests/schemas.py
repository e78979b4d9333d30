"""The contract as schemathesis reads it, with what stock schemathesis leaves out.

We add three things: XML answers are read and validated, each media type of a request is tested by
itself, and a case is judged by what was sent.
"""

import copy
import json
import os
from functools import cache
from pathlib import Path

import jsonschema
import schemathesis

from infobip_voice_wire import xml

CONTRACT = json.loads(Path(__file__).parents[1].joinpath("generated/infobip_voice_schema/openapi.json").read_text())
JSON, XML = "application/json", "application/xml"
SEED = os.environ.get("CONTRACT_SEED") or None
# Beside the cases that follow from the schemas' bounds. `make contract` asks for more.
EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "30"))


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
    config.projects.default.generation.update(deterministic=SEED is None, max_examples=EXAMPLES)
    return schemathesis.openapi.from_dict(document, config=config)


json_schema, xml_schema = schema(JSON), schema(XML)


def is_valid_as_sent(case: schemathesis.Case, response: schemathesis.Response) -> bool:
    """Return whether the XML that went out is valid, even if an invalid request was intended.

    XML has no JSON types: `"5"` and 5 are the same element. The serializer of schemathesis also
    drops characters and renames elements that XML cannot carry. So an invalid case may become a
    valid request on its way.
    """
    body = CONTRACT["paths"][case.path]["post"]["requestBody"]["content"][XML]
    name = body["schema"]["$ref"].rpartition("/")[2]
    try:
        value = xml.decode(response.request.body or b"", name)
    except xml.XmlError:
        return False
    return validator(name).is_valid(value)


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    rules = {"$ref": f"#/components/schemas/{name}", "components": CONTRACT["components"]}
    return jsonschema.Draft202012Validator(rules)
