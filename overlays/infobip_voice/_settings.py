"""The settings of both clients: what each one is, and the refusal of what cannot be one."""

import os
import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from inspect import iscoroutinefunction
from typing import Any, Final, Literal, TypedDict
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from infobip_voice._arguments import did_you_mean
from infobip_voice._exchange import Attempt
from infobip_voice._policy import Budget
from infobip_voice.errors import ConfigurationError
from infobip_voice_wire.loopback import is_loopback

__all__ = ["ClientOptions", "address", "authorization", "check", "made_id", "proxy_address"]

_MAX_SECONDS: Final = 1e9  # thirty years; sockets and events cannot wait much longer
_NOT_QUOTED: Final = ("base_url", "username", "password", "api_key", "proxy")


class ClientOptions(TypedDict, total=False):
    """The settings of both clients.

    Attributes:
        base_url: the account's host, `https://{account}.api.infobip.com`; by default
            `INFOBIP_BASE_URL`. There is no other default: a client must not call real telephones
            because a setting was forgotten.
        username, password: HTTP Basic credentials, sent in UTF-8; by default `INFOBIP_USERNAME`,
            `INFOBIP_PASSWORD`.
        api_key: an API key, sent as `App {key}`; by default `INFOBIP_API_KEY`. It wins over a
            username; what is given here wins over the environment.
        wire_format: `json` (default) or `xml`, of requests and answers.
        timeout: the longest silence in seconds, of connecting, sending, receiving and waiting for a
            connection; 30.
        deadline: the most seconds for one whole attempt, from its start to the last byte of the
            answer, by the machine's monotonic clock; 600. Looking up a host's name is not bounded
            on threads. Of an `httpx.Client` of yours only the body is bounded, and only between two
            pieces of it.
        max_answer_bytes: the most bytes of an answer as it is sent; 256 MiB. What has arrived by
            then is still read, as it is at the deadline; a drain then ends, since going on could
            lose every page.
        budget: how often and how long a request may be repeated where that is safe; `NO_RETRIES`
            for never.
        proxy: the URL of a proxy; by default the one of HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and
            NO_PROXY, and none for a server on this machine.
        verify: the TLS context to use, or False to accept any certificate.
        max_connections: the most connections at a time, in each process and on each event loop; 20.
        trace: called with an `Attempt` after each attempt.
        clock: monotonic seconds for `budget` and waits, by default `time.monotonic`.
        now: the present time with an offset, by which gaps are dated; by default that of this
            machine, in UTC.
        random: fractions from 0 to 1, for the jitter of waits.
        new_id: makes bulk ids and message ids, by default 32 random letters.
    """

    base_url: str | None
    username: str | None
    password: str | None
    api_key: str | None
    wire_format: Literal["json", "xml"]
    timeout: float
    deadline: float
    max_answer_bytes: int
    budget: Budget
    proxy: str | None
    verify: ssl.SSLContext | bool
    max_connections: int
    trace: Callable[[Attempt], None] | None
    clock: Callable[[], float]
    now: Callable[[], datetime]
    random: Callable[[], float]
    new_id: Callable[[], str]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_number(value: object) -> bool:
    # Not NaN either: it compares with nothing.
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MAX_SECONDS


def _is_duration(value: object) -> bool:
    return _is_number(value) and value != 0


def _is_function(value: object) -> bool:
    return callable(value) and not iscoroutinefunction(value)


def _or_none(is_right: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or is_right(value)


_SECONDS: Final = "a number of seconds above zero, and at most a billion"
_RIGHT: Final[dict[str, tuple[Callable[[object], bool], str]]] = {
    "base_url": (_or_none(_is_text), "a text such as 'https://{account}.api.infobip.com'"),
    "username": (_or_none(_is_text), "a text that is not empty"),
    "password": (_or_none(lambda value: isinstance(value, str)), "a text"),
    "api_key": (_or_none(_is_text), "a text that is not empty"),
    "wire_format": (lambda value: isinstance(value, str) and value in ("json", "xml"), "'json' or 'xml'"),
    "timeout": (_is_duration, _SECONDS),
    "deadline": (_is_duration, _SECONDS),
    "max_answer_bytes": (_is_count, "a whole number above zero"),
    "budget": (lambda value: isinstance(value, Budget), "a Budget, such as Budget(attempts=2) or NO_RETRIES"),
    "proxy": (_or_none(_is_text), "the URL of a proxy as a text, such as 'http://proxy:3128'"),
    "verify": (
        lambda value: isinstance(value, ssl.SSLContext | bool),
        "an ssl.SSLContext, such as ssl.create_default_context(cafile='ca.pem'), or a bool",
    ),
    "max_connections": (_is_count, "a whole number above zero"),
    "trace": (_or_none(_is_function), "an ordinary function of an Attempt"),
    "clock": (_is_function, "an ordinary function that returns seconds, such as time.monotonic"),
    "now": (_is_function, "an ordinary function that returns a datetime with an offset"),
    "random": (_is_function, "an ordinary function that returns a fraction, such as random.random"),
    "new_id": (_is_function, "an ordinary function that returns a text"),
    "sleep": (callable, "a function of seconds"),
}
_BUDGET: Final[dict[str, tuple[Callable[[object], bool], str]]] = {
    "attempts": (_is_count, "a whole number above zero"),
    **dict.fromkeys(("seconds", "first_wait", "longest_wait"), (_is_number, "a number of seconds, at most a billion")),
}


def check(options: Mapping[str, object]) -> None:
    """Refuse a setting that does not exist, or a value that cannot be one.

    Raises:
        ConfigurationError: with the setting's name, what is right and what was given; addresses and
            credentials are not quoted.
    """
    for name in options:
        if name not in _RIGHT:
            known = sorted({*_RIGHT, "http_client"})
            meant = did_you_mean(name, {each: each for each in known})
            raise ConfigurationError(f"there is no setting {name!r}" + (meant or f"; there are {', '.join(known)}"))
    _hold(options, _RIGHT, "")
    budget = options.get("budget")
    if isinstance(budget, Budget):
        _hold(budget._asdict(), _BUDGET, "budget.")


def _hold(values: Mapping[str, object], table: Mapping[str, tuple[Callable[[object], bool], str]], prefix: str) -> None:
    for name, value in values.items():
        is_right, right = table[name]
        if not is_right(value):
            quoted = isinstance(value, str | float | None) or (isinstance(value, int) and abs(value) <= _MAX_SECONDS)
            given = f"{value!r}, " if quoted and name not in _NOT_QUOTED else ""
            raise ConfigurationError(f"{prefix}{name} has to be {right}; this is {given}of type {type(value).__name__}")


def made_id(new_id: Callable[[], object]) -> str:
    """Return an id that a function of the caller makes.

    Raises:
        ValueError: it is no text (`uuid.uuid4` makes none), or an empty one: the call would go out
            under a name that nobody knows.
    """
    from infobip_voice._shapes import check  # with the models, for which making a client does not wait

    name: Any = new_id()
    check(name, str, "new_id")
    return str.__str__(name)  # as in `_credential`


def address(options: Mapping[str, Any]) -> tuple[str, str]:
    """Return the base URL and the name of the setting that it came from."""
    if options.get("base_url") is not None:
        return options["base_url"], "base_url"
    base_url = os.environ.get("INFOBIP_BASE_URL")
    if not base_url:
        raise ConfigurationError("no base URL: give base_url or set INFOBIP_BASE_URL")
    return base_url, "INFOBIP_BASE_URL"


def proxy_address(options: Mapping[str, Any], scheme: str, authority: str) -> tuple[str | None, str]:
    """Return the proxy for a server, if there is one, and what it is to be called in a complaint.

    By default the one that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names, minding NO_PROXY. A server
    on this machine has none, since a proxy elsewhere would look for the server on its own machine.

    Args:
        options: the settings.
        scheme: `http` or `https`.
        authority: the server's host and port, as they stand in its URL.
    """
    if options.get("proxy") is not None:
        return options["proxy"], "proxy"
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or is_loopback(urlsplit(f"//{authority}").hostname or "") or proxy_bypass(authority):
        return None, ""
    return proxy if "://" in proxy else f"http://{proxy}", "the proxy of the environment"


def authorization(options: Mapping[str, Any]) -> str:
    """Return the value of the Authorization header."""
    # A username in the arguments hides a key of the environment: one that happens to be set must
    # not be sent to a test server that was given a username.
    key = _credential(options, "api_key", options.get("username") is None)
    if key:
        return f"App {key}"
    username, password = _credential(options, "username"), _credential(options, "password")
    if not username or password is None:
        raise ConfigurationError("no credentials: give api_key, or username and password, or set INFOBIP_API_KEY")
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode("ascii")


def _credential(options: Mapping[str, Any], name: str, environment: bool = True) -> str | None:
    value, source = options.get(name), name
    if value is None and environment:
        source = f"INFOBIP_{name.upper()}"
        value = os.environ.get(source)
    for character in value or "":
        if character < " " or "\x7f" <= character <= "\x9f":
            raise ConfigurationError(f"{source} has a control character, such as the end of a line")
        if "\ud800" <= character <= "\udfff":
            raise ConfigurationError(f"{source} is not in UTF-8")
        if name == "api_key" and not "!" <= character <= "~":
            raise ConfigurationError(f"{source} has characters that a header cannot carry")
        if name == "username" and character == ":":
            raise ConfigurationError(f"{source} with a colon cannot be sent: the first colon ends it (RFC 7617)")
    return None if value is None else str.__str__(value)  # one of an enumeration would be written as its name
