"""Send requests generated from the contract, valid and invalid, and judge the answers by it.

Every media type is tested. We set `Accept` ourselves, because the generator sends only `*/*`.
"""

import pytest
from schemathesis.specs.openapi.checks import negative_data_rejection

from schemas import JSON, XML, broken, is_valid_as_sent, json_schema, xml_schema


@json_schema.parametrize()
@pytest.mark.parametrize("accept", [JSON, XML])
def test_json(case, accept, base_url, session, authorization):
    """JSON bodies and the query of the reports, with each form of the answer."""
    headers = {"Authorization": authorization, "Accept": accept}
    response = case.call(base_url=base_url, session=session, headers=headers)
    assert broken(response, authorization) == []
    case.validate_response(
        response, headers=headers, transport_kwargs={"base_url": base_url, "session": session, "headers": headers}
    )


@xml_schema.include(method="POST").parametrize()
@pytest.mark.parametrize("accept", [JSON, XML])
def test_xml(case, accept, base_url, session, authorization):
    """XML bodies by schemathesis' serializer, so that not only our codec says what XML is."""
    headers = {"Authorization": authorization, "Accept": accept}
    response = case.call(base_url=base_url, session=session, headers=headers)
    assert broken(response, authorization) == []
    excluded = [negative_data_rejection] if is_valid_as_sent(case, response) else []
    transport = {"base_url": base_url, "session": session, "headers": headers}
    case.validate_response(response, headers=headers, excluded_checks=excluded, transport_kwargs=transport)
