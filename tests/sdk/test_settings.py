"""A client refuses a wrong setting when it is made, by name and without quoting a secret."""

import asyncio
import ssl
import sys
import time
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import hypothesis
import pytest
from hypothesis import given
from hypothesis.strategies import text

from infobip_voice import AsyncVoiceClient, Budget, ClientOptions, ConfigurationError, VoiceClient
from infobip_voice._settings import check, made_id

WHOLE: dict[str, Any] = {"base_url": "http://host", "username": "u", "password": "secret-word"}
SECONDS = (True, "5", None, float("nan"), float("inf"), -1, -0.5, 10**5000, [5])
COUNTS = (True, "5", None, float("nan"), 1.5, 0, -1, -(10**5000), [5])


async def asynchronous(*_: object) -> float:
    return 0.0


def refuse(options: dict[str, Any]) -> list[str]:
    """Return what both clients say to these settings."""
    texts: list[str] = []
    for kind in (VoiceClient, AsyncVoiceClient):
        with pytest.raises(ConfigurationError) as caught:
            kind(**{**WHOLE, **options})
        assert isinstance(caught.value, ValueError)
        assert "secret" not in str(caught.value)
        texts.append(str(caught.value))
    return texts


WRONG: dict[str, tuple[Any, ...]] = {
    "base_url": ("", 5, b"http://host", Path("http://host"), httpx.URL("http://host")),
    "username": ("", 5, b"secret"),
    "password": (5, b"secret"),
    "api_key": ("", 5, b"secret"),
    "wire_format": ("yaml", "JSON", None, 5),
    "timeout": (*SECONDS, 0),
    "deadline": (*SECONDS, 0),
    "max_answer_bytes": COUNTS,
    "max_connections": COUNTS,
    "budget": (None, 3, (4, 60.0, 0.5, 30.0), {"attempts": 3}),
    "proxy": ("", 5, httpx.URL("http://proxy")),
    "verify": (None, 0, "ca.pem", Path("ca.pem")),
    "trace": (5, "print", asynchronous),
    "clock": (None, 5, time.time(), asynchronous),
    "now": (None, time.time(), asynchronous),
    "random": (None, 0.5, asynchronous),
    "new_id": (None, "id", asynchronous),
    "sleep": (None, 5),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_of_the_wrong_kind(name: str) -> None:
    """The text has the setting, what is right, and the kind that was given."""
    for value in WRONG[name]:
        for complaint in refuse({name: value}):
            assert complaint.startswith(f"{name} has to be ")
            assert f"of type {type(value).__name__}." in complaint


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"timeout": "5"}, "timeout has to be a number of seconds above zero, and at most a billion; this is '5', of type str"),
        ({"timeout": None}, "timeout has to be a number of seconds above zero, and at most a billion; this is None, of type NoneType"),
        ({"deadline": -1.5}, "deadline has to be a number of seconds above zero, and at most a billion; this is -1.5, of type float"),
        ({"max_connections": -(10**9)}, "max_connections has to be a whole number above zero; this is -********00, of type int"),
        ({"max_connections": -(10**9) - 1}, "max_connections has to be a whole number above zero; this is of type int"),
        ({"max_answer_bytes": [5]}, "max_answer_bytes has to be a whole number above zero; this is of type list"),
        ({"wire_format": "yaml"}, "wire_format has to be 'json' or 'xml'; this is 'yaml', of type str"),
        ({"base_url": 5}, "base_url has to be a text such as 'https://{account}.api.infobip.com'; this is of type int"),
        ({"username": 5}, "username has to be a text that is not empty; this is of type int"),
        ({"password": 5}, "password has to be a text; this is of type int"),
        ({"api_key": ""}, "api_key has to be a text that is not empty; this is of type str"),
        ({"proxy": ""}, "proxy has to be the URL of a proxy as a text, such as 'http://proxy:3128'; this is of type str"),
        (
            {"budget": Budget(first_wait=10**9 + 1)},
            "budget.first_wait has to be a number of seconds, at most a billion; this is of type int",
        ),
        ({"budget": Budget(attempts=0)}, "budget.attempts has to be a whole number above zero; this is 0, of type int"),
        (
            {"zzz": 0},
            "there is no setting 'zzz'; there are api_key, base_url, budget, clock, deadline, http_client, "
            "max_answer_bytes, max_connections, new_id, now, password, proxy, random, sleep, timeout, trace, username, "
            "verify, wire_format",
        ),
        ({"clock_": 0}, "there is no setting 'clock_'; did you mean 'clock'?"),
    ],
)  # fmt: skip
def test_the_words_of_a_refusal(options: dict[str, Any], complaint: str) -> None:
    """The setting, what is right, and what was given if it is short and no secret; a long number is
    masked, since it may be a telephone's.
    """
    with pytest.raises(ConfigurationError) as caught:
        check(options)
    assert caught.value.args[0] == complaint


def test_every_setting_is_checked() -> None:
    """The table above and the table of the code have the settings that there are."""
    assert {*WRONG} == {*ClientOptions.__annotations__, "sleep"}


@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("attempts", COUNTS),
        *((member, SECONDS) for member in ("seconds", "first_wait", "longest_wait")),
    ],
)
def test_a_budget_of_wrong_members(member: str, values: tuple[Any, ...]) -> None:
    """A named tuple takes anything; a client does not take such a one."""
    for value in values:
        for complaint in refuse({"budget": Budget()._replace(**{member: value})}):
            assert complaint.startswith(f"budget.{member} has to be ")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("wireformat", "did you mean 'wire_format'?"),
        ("timeouts", "did you mean 'timeout'?"),
        ("verify_ssl", "did you mean 'verify'?"),
        ("httpclient", "did you mean 'http_client'?"),
        ("user_name", "did you mean 'username'?"),
        ("zzz", "there are api_key, base_url, budget, "),
    ],
)
def test_a_setting_that_does_not_exist(name: str, hint: str) -> None:
    """Refused with the nearest name: one that is swallowed is one that somebody relies on."""
    for complaint in refuse({name: 0}):
        assert complaint.startswith(f"there is no setting '{name}'; {hint}")


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": None},
        {"base_url": "host"},
        {"base_url": "ftp://host"},
        {"base_url": "http://"},
        {"base_url": "http://[::1"},
        {"base_url": "http://user:secret-word@host"},
        {"base_url": "http://host/?q=1"},
        {"base_url": "http://host\n"},
        {"username": None},
        {"password": None},
        {"username": "a:b"},
        {"username": "u\n"},
        {"username": "\ud800"},
        {"password": "secret-word\r\n"},
        {"password": "secret\x00"},
        {"password": "secret\x85"},
        {"password": "secret\udfff"},
        {"api_key": "secret-word\r\nX: y"},
        {"api_key": "secret word"},
        {"api_key": "sécret-word"},
        {"proxy": "proxy:3128"},
        {"proxy": "http://"},
        {"proxy": "http://[::1"},
        {"proxy": "gopher://user:secret@proxy"},
    ],
)
def test_text_that_cannot_be_used(options: dict[str, Any]) -> None:
    """Refused at once, by both clients; the end of a line that came with a file of secrets too."""
    for complaint in refuse(options):
        assert any(word in complaint for word in (*options, "credentials", "base URL"))


@pytest.mark.parametrize("name", ["username", "password", "api_key"])
@pytest.mark.parametrize("value", ["secret{}word", "secret-word{}", "{}secret-word"])
def test_no_control_character_reaches_a_header(name: str, value: str) -> None:
    """It would end the header, or the request: in whatever credential, and wherever in it."""
    for code in (*range(32), *range(127, 160)):
        for complaint in refuse({name: value.format(chr(code))}):
            assert complaint.startswith(f"{name} has a control character, such as the end of a line")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("INFOBIP_BASE_URL", "ftp://host", "INFOBIP_BASE_URL has to be http"),
        ("INFOBIP_PASSWORD", "secret-word\n", "INFOBIP_PASSWORD has a control character"),
        ("INFOBIP_API_KEY", "sécret", "INFOBIP_API_KEY has characters"),
        ("HTTP_PROXY", "gopher://proxy", "the proxy of the environment has to be"),
        ("HTTPS_PROXY", "socks5://proxy", "the proxy of the environment is one for SOCKS"),
    ],
)
def test_a_setting_of_the_environment(name: str, value: str, complaint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named as it is called there."""
    for variable in ("NO_PROXY", "ALL_PROXY", "no_proxy", "all_proxy", "http_proxy", "https_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setitem(sys.modules, "socksio", None)  # whether or not it is installed
    monkeypatch.setenv("INFOBIP_BASE_URL", "http://host" if name == "HTTP_PROXY" else "https://host")
    monkeypatch.setenv("INFOBIP_USERNAME", "u")
    monkeypatch.setenv("INFOBIP_PASSWORD", "secret-word")
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=complaint) as caught:
        VoiceClient()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"username": "u", "password": "p"}, "no base URL: give base_url or set INFOBIP_BASE_URL"),
        ({"base_url": "http://host", "username": "u"}, "no credentials: give api_key, or username and password, or set "
         "INFOBIP_API_KEY"),
        ({"base_url": "http://host", "password": "p"}, "no credentials: give api_key, or username and password, or set "
         "INFOBIP_API_KEY"),
        ({**WHOLE, "username": "a:b"}, "username with a colon cannot be sent: the first colon ends it (RFC 7617)"),
        ({**WHOLE, "username": "\udfff"}, "username is not in UTF-8"),
        ({**WHOLE, "api_key": "a b"}, "api_key has characters that a header cannot carry"),
        ({**WHOLE, "password": "a\x7f"}, "password has a control character, such as the end of a line"),
        *[({**WHOLE, "base_url": url}, "base_url is not a URL") for url in ("http://[::1", "http://xn--zz--.example")],
        *[
            ({**WHOLE, "base_url": url}, "base_url has to be http(s)://host[:port][/path], without credentials or a query")
            for url in ("http://host/#a", "http://host?a", "http://host?", "http://host/#", "http://a:b@host", "host",
                        "http://host:0", "http://host:-1", "http://host:65536", "http://host:99999")
        ],
        *[
            ({**WHOLE, "proxy": url}, "proxy has to be the URL of an http, https or socks5 proxy")
            for url in ("http://", "http://proxy:0", "http://proxy:-1", "https://proxy:65536", "http://proxy:99999")
        ],
    ],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_used(
    options: dict[str, Any], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text says which setting, and what to do."""
    for name in ("BASE_URL", "USERNAME", "PASSWORD", "API_KEY"):
        monkeypatch.delenv(f"INFOBIP_{name}", raising=False)
    with pytest.raises(ConfigurationError) as caught:
        VoiceClient(**options)
    assert caught.value.args[0] == complaint


def missing_authorities(**_: object) -> ssl.SSLContext:
    raise FileNotFoundError("ca.pem")


@pytest.mark.parametrize("named", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_authorities_that_the_environment_names_and_has_not(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever forgot to mount them is told at once; without TLS they do not matter."""
    monkeypatch.setenv(named, "no-such-ca.pem")
    with pytest.raises(ConfigurationError, match=r"the authorities for TLS cannot be read: .*no-such-ca\.pem"):
        VoiceClient(**{**WHOLE, "base_url": "https://host"})
    VoiceClient(**{**WHOLE, "base_url": "http://host"})


def test_authorities_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read for the first request, which then says so and sends nothing; with a proxy, at
    once.
    """
    monkeypatch.setattr(httpx, "create_ssl_context", missing_authorities)
    options = {**WHOLE, "base_url": "https://127.0.0.1:1"}
    complaint = r"the authorities for TLS cannot be read: ca\.pem"
    with VoiceClient(**options) as voice, pytest.raises(ConfigurationError, match=complaint):
        voice.reports.fetch()

    async def fetch() -> None:
        async with AsyncVoiceClient(**options) as voice:
            await voice.reports.fetch()

    with pytest.raises(ConfigurationError, match=complaint):
        asyncio.run(fetch())
    with pytest.raises(ConfigurationError, match=complaint):
        VoiceClient(**options, proxy="http://proxy")


class Session:
    """A client of another library."""


def test_an_injected_client_of_the_wrong_kind() -> None:
    """Refused when the client is made, also the twin for the other kind of client."""
    both: Any
    for kind, wanted, others in (
        (VoiceClient, "Client", (httpx.AsyncClient(), Session(), httpx.HTTPTransport(), httpx.Client)),
        (AsyncVoiceClient, "AsyncClient", (httpx.Client(), Session())),
    ):
        for both in others:
            given = rf"{type(both).__module__}\.{type(both).__qualname__}"
            with pytest.raises(
                ConfigurationError, match=rf"^http_client has to be an httpx\.{wanted}, and this is a {given}\."
            ):
                kind(http_client=both, **WHOLE)


@hypothesis.settings(derandomize=True, deadline=None, database=None, max_examples=200)
@given(text(max_size=20), text(max_size=20), text(max_size=20))
def test_any_text_is_used_or_refused(address: str, secret: str, proxy: str) -> None:
    """No other error comes out of a client's making."""
    for options in (
        {"base_url": f"http://{address}", "api_key": "k"},
        {**WHOLE, "username": secret},
        {**WHOLE, "password": secret},
        {**WHOLE, "api_key": secret},
        {**WHOLE, "proxy": f"http://{proxy}"},
    ):
        try:
            VoiceClient(**options).close()
        except ConfigurationError as error:
            assert "Correct this first" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"timeout": 1, "deadline": 0.5, "max_answer_bytes": 1, "max_connections": 1, "proxy": None, "trace": None},
        {"verify": False, "budget": Budget(1, 0, 0.0, 0)},
        {"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "sleep": asyncio.sleep},
        {"timeout": 1e9, "deadline": 10**9, "budget": Budget(1, 10**9, 1e9, 1)},
        {"username": " \ue000\ud7ff", "password": "~ :\xa0\ue000\ud7ff", "api_key": "!~"},
        {"password": "", "trace": print, "clock": time.monotonic, "random": float, "new_id": str},
    ],
)
def test_what_is_right_is_taken(options: dict[str, Any]) -> None:
    """The smallest numbers, and functions of every kind."""
    check({**WHOLE, **options})
    AsyncVoiceClient(**{**WHOLE, **options})


def test_only_a_proxy_of_socks_needs_the_package_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which the base install has not."""
    monkeypatch.setitem(sys.modules, "socksio", None)  # whether or not it is installed
    VoiceClient(**WHOLE, proxy="http://proxy")
    with pytest.raises(ConfigurationError, match=r"^proxy is one for SOCKS, which needs the package socksio"):
        VoiceClient(**WHOLE, proxy="socks5://proxy")


def test_an_id_that_a_function_makes() -> None:
    """It is a text and no more: one of an enumeration is its value, and nothing else is an id."""
    made = made_id(lambda: Enum("Ids", {"FIRST": "id-1"}, type=str).FIRST)
    assert (made, type(made)) == ("id-1", str)
    for wrong, words in ((uuid4, "expected str, found UUID"), (str, "must not be empty")):
        with pytest.raises(ValueError, match=f"^new_id: {words}"):
            made_id(wrong)
