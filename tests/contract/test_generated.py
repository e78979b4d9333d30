"""Requests generated from the contract, valid and invalid, in every media type; every answer is judged by the contract.

`Accept` is set by us, since the generator only ever sends `*/*`.
"""

import pytest
from schemathesis.specs.openapi.checks import negative_data_rejection

from schemas import JSON, XML, is_valid_as_sent, json_schema, xml_schema


@json_schema.parametrize()
@pytest.mark.parametrize("accept", [JSON, XML])
def test_json(case, accept, base_url, session, authorization):
    """JSON bodies, and the query of the reports, with each form of the answer."""
    case.call_and_validate(
        base_url=base_url, session=session, headers={"Authorization": authorization, "Accept": accept}
    )


@xml_schema.include(method="POST").parametrize()
@pytest.mark.parametrize("accept", [JSON, XML])
def test_xml(case, accept, base_url, session, authorization):
    """XML bodies, written by the generator's own serializer, so that not only our codec decides what XML looks like."""
    headers = {"Authorization": authorization, "Accept": accept}
    response = case.call(base_url=base_url, session=session, headers=headers)
    excluded = [negative_data_rejection] if is_valid_as_sent(case, response) else []
    transport = {"base_url": base_url, "session": session, "headers": headers}
    case.validate_response(response, headers=headers, excluded_checks=excluded, transport_kwargs=transport)
