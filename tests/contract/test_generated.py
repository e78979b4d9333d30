"""Send requests generated from the contract, valid and invalid, and judge the answers by it.

Every media type is tested. We set `Accept` ourselves, because the generator sends only `*/*`. Each
edition gets each form of a request and each form of an answer. `make contract` goes deeper.
"""

import pytest
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from schemas import JSON, XML, broken, editions_that_refuse, is_valid_as_sent, json_schema, sent, xml_schema

FROM_JSON = [(JSON, "seeds"), (XML, "2026")]
FROM_XML = [(JSON, "2026"), (XML, "seeds")]


def judge(case, accept, edition, servers, session, authorization):
    """Send one request, and validate its answer by what was sent."""
    transport = {
        "base_url": servers(edition),
        "session": session,
        "headers": {"Authorization": authorization, "Accept": accept},
    }
    response = case.call(**transport)
    assert broken(response, authorization, edition) == []
    excluded = []
    if case.method == "POST":
        valid = is_valid_as_sent(case, response)
        refusing = editions_that_refuse(sent(case, response)) if valid else {"seeds", "2026"}
        if edition in refusing:
            assert 400 <= response.status_code < 500
        if refusing:
            excluded.append(positive_data_acceptance)
        if valid and case.media_type == XML:
            excluded.append(negative_data_rejection)
    case.validate_response(response, excluded_checks=excluded, headers=transport["headers"], transport_kwargs=transport)


@json_schema.parametrize()
@pytest.mark.parametrize(("accept", "edition"), FROM_JSON)
def test_json(case, accept, edition, servers, session, authorization):
    """JSON bodies and the query of the reports, with each form of the answer."""
    judge(case, accept, edition, servers, session, authorization)


@xml_schema.include(method="POST").parametrize()
@pytest.mark.parametrize(("accept", "edition"), FROM_XML)
def test_xml(case, accept, edition, servers, session, authorization):
    """XML bodies by schemathesis' serializer, so that not only our codec says what XML is."""
    judge(case, accept, edition, servers, session, authorization)
