"""The control plane under generated requests.

They are a module of their own because `make test-oldest` has no schemathesis.
"""

import json
from importlib.resources import files

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

CONTRACT = json.loads(files("infobip_voice_mock.control").joinpath("control.json").read_bytes())


def generated() -> schemathesis.BaseSchema:
    config = schemathesis.Config(seed=0)
    config.projects.default.generation.update(deterministic=True, max_examples=20)
    return schemathesis.openapi.from_dict(CONTRACT, config=config)


@generated().parametrize()
def test_generated_requests(case, voice_mock_server):
    """Every operation of the control plane answers as its own contract says."""
    # No schema can say that a seeded report must be writable in XML, or that a state must not
    # contradict itself; the document says it in words.
    hard_to_invent = case.operation.definition.raw["operationId"] in ("seedReports", "putState")
    excluded = [positive_data_acceptance] if hard_to_invent else []
    case.call_and_validate(base_url=f"{voice_mock_server}/_mock", excluded_checks=excluded)
