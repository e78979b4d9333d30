"""Whom the mock lets in."""

import base64

import pytest

import asgi


def basic(credential: bytes | str) -> str:
    data = credential.encode() if isinstance(credential, str) else credential
    return "Basic " + base64.b64encode(data).decode()


@pytest.mark.parametrize(
    "header",
    [
        asgi.BASIC,
        "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "BASIC  QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        basic("Aladdin:open sesame"),
    ],
)
def test_the_documented_credential(mock, header):
    """The documentation's account exists by default; the scheme may be in any case."""
    assert mock.reports(authorization=header).status == 200


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=",  # the documentation's other sample, with its padding cut off
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==x",
        "Basic !!!!",
        "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "App QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "App",
        basic("Aladdin:open sesam"),
        basic("Aladdin:open sesame "),
        basic("Aladdin:"),
        basic("Aladdin"),
        basic("aladdin:open sesame"),
        basic(":open sesame"),
        basic("nobody:open sesame"),
        basic("nobody:\0"),
        basic(b"\xff:open sesame"),
    ],
)
def test_unauthorized(mock, header):
    """§1, §7: a bad credential gets 401 with a challenge that does not say what was wrong."""
    response = mock.reports(authorization=header)
    assert response.status == 401
    assert response.headers["www-authenticate"] == 'Basic realm="Infobip Voice", charset="UTF-8"'
    assert response.json == {
        "requestError": {"serviceException": {"messageId": "UNAUTHORIZED", "text": "Invalid login details"}}
    }


def test_two_headers_are_none(mock):
    """Nobody can say which of two credentials counts, so neither does."""
    fields = [("authorization", asgi.BASIC), ("authorization", asgi.BASIC)]
    assert asgi.request(mock.app, "GET", "/tts/3/reports", headers=fields).status == 401


@pytest.mark.parametrize("password", ["with:colon", "pässwörd ☎", " leading and trailing "])
def test_any_password_text(new_mock, password):
    """A password may contain colons and any character of UTF-8 (RFC 7617)."""
    mock = new_mock(users={"user": password})
    assert mock.reports(authorization=basic(f"user:{password}")).status == 200
    assert mock.reports(authorization=basic(f"user:{password}x")).status == 401
    assert mock.reports(authorization=asgi.BASIC).status == 401


def test_a_key_is_an_account(new_mock):
    """`App KEY` alone is enough, and is the account of the user with the same name."""
    mock = new_mock(users={"shop": "secret"}, api_keys={"k-1": "shop", "k-2": "other"})
    mock.post(
        "/voice/ivr/1/messages",
        {"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727"}]}]},
        authorization="App k-1",
    )
    assert mock.reports(authorization="app k-2").json == {"results": []}
    assert len(mock.reports(authorization=basic("shop:secret")).json["results"]) == 1
    assert mock.reports(authorization="App k-3").status == 401


def test_open_tenants(new_mock):
    """Any username with the documented password gets in; a wrong password is always a 401."""
    mock = new_mock(open_tenants=True)
    assert mock.reports(authorization=basic("job-17:open sesame")).status == 200
    assert mock.reports(authorization=basic("job-17:wrong")).status == 401
    assert mock.reports(authorization=basic(":open sesame")).status == 401
