"""What keeps the kit from doing harm: hosts, numbers, addresses for pushes, consent, rate."""

import json
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from infobip_voice_contract.exchange import Request
from infobip_voice_contract.judged import items, members
from infobip_voice_wire import documents, xml

__all__ = ["MOCK_NUMBERS", "POOL", "Guard", "Numbers", "Rate", "Unsafe", "is_loopback", "target"]

_VENDOR: Final = "infobip.com"
POOL: Final = "999"
"""Numbers that begin so belong to no country, so that nobody's telephone rings."""

MOCK_NUMBERS: Final = {
    "answered": "999100",
    "machine": "999101",
    "busy": "999102",
    "no answer": "999103",
    "pressed": "999106",
    "rejected": "999214",
}
"""Outcomes by the beginnings of numbers, as `infobip-voice mock` has them."""

_DIALLED: Final = ("to", "destinationA", "destinationB")
_FETCHED: Final = ("notifyUrl", "audioFileUrl")
_DIALLED_ANYWHERE: Final = re.compile(rb"""(?:to|destination[AB])["'\s:>]+\+?([0-9]{5,15})""")


class Unsafe(ValueError):
    """Something that the kit does not do without being told to."""


def target(base_url: str, *, vendor: bool = False, resolve: Callable[[str], str] | None = None) -> str:
    """Return a base URL in one form, after a look at whose host it is.

    Args:
        base_url: Where the server is.
        vendor: Whether the person agreed to dial real telephones at the vendor's expense.
        resolve: Returns the canonical name of a host; by default the system does.

    Raises:
        Unsafe: it is the vendor's host, by whatever spelling.
        ValueError: it is no http or https URL.
    """
    parts = urlsplit(base_url.strip())
    try:
        port = parts.port
    except ValueError:
        port = 0
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise ValueError(f"{base_url} is no http or https URL")
    if parts.username is not None or parts.password is not None:
        raise Unsafe("credentials in the URL: give them with --user and INFOBIP_PASSWORD")
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        raise ValueError(f"{base_url} has no usable host") from None
    names = {host, (resolve or _canonical)(host).rstrip(".").lower()}
    if not vendor and any(name == _VENDOR or name.endswith(f".{_VENDOR}") for name in names):
        raise Unsafe(
            f"{host} is the vendor's own platform: it dials real telephones, charges for them, and hands out real "
            "reports. Only --dial-real-telephones-at-the-vendor sends anything there"
        )
    netloc = f"[{host}]" if ":" in host else host
    netloc += f":{port}" if port is not None else ""
    return f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}"


def _canonical(host: str) -> str:
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_CANONNAME)
    except (OSError, UnicodeError):
        return host
    return found[0][3] or host


class Numbers:
    """Numbers to dial, by outcome.

    Args:
        outcomes: For each outcome whole numbers, or the beginnings of numbers in the pool. Without
            `answered`, numbers of the pool are dialled, and nobody knows what becomes of them.
    """

    def __init__(self, outcomes: Mapping[str, list[str]] | None = None) -> None:
        self._outcomes = {name: list(numbers) for name, numbers in (outcomes or {}).items()}
        self._whole = {
            number for numbers in self._outcomes.values() for number in numbers if not number.startswith(POOL)
        }
        self._taken: Counter[str] = Counter()

    @classmethod
    def of(cls, given: str | Path | None) -> "Numbers":
        """Return the numbers of a file, of the mock for `mock`, or of the pool for None.

        Raises:
            ValueError: the file is no JSON object of known outcomes with lists of numbers.
            OSError: it cannot be read.
        """
        if given is None:
            return cls()
        if given == "mock":
            return cls({name: [beginning] for name, beginning in MOCK_NUMBERS.items()})
        document: Any = None
        with suppress(ValueError, RecursionError):
            document = json.loads(Path(given).read_text(encoding="utf-8"))
        if not members(document):
            raise ValueError(f"{given} has to be a JSON object of outcomes, each with a list of numbers")
        outcomes: dict[str, list[str]] = {}
        for name, numbers in members(document).items():
            if name not in MOCK_NUMBERS:
                raise ValueError(f"{given}: the outcome {name} has to be one of {', '.join(MOCK_NUMBERS)}")
            listed = [str(number).lstrip("+") for number in items(numbers)]
            if not listed or not all(re.fullmatch("[1-9][0-9]{4,14}", number) for number in listed):
                raise ValueError(f"{given}: {name} has to be a list of numbers, each of 5 to 15 digits")
            outcomes[name] = listed
        return cls(outcomes)

    @property
    def whole(self) -> tuple[str, ...]:
        """The numbers that may belong to somebody."""
        return tuple(sorted(self._whole))

    def knows(self, outcome: str) -> bool:
        """Return whether there is a number that surely has this outcome."""
        return outcome in self._outcomes

    def take(self, outcome: str = "answered") -> str:
        """Return a number; one that nobody got before, as long as there are any."""
        choices = self._outcomes.get(outcome) or ["999100"]
        count = self._taken[outcome]
        self._taken[outcome] += 1
        chosen = choices[count % len(choices)]
        return f"{chosen}{count:07}"[:15] if chosen.startswith(POOL) and len(chosen) < 10 else chosen

    def allows(self, number: str) -> bool:
        """Return whether a number may be dialled. What has too few digits to be one may."""
        digits = re.sub("[^0-9]", "", number).lstrip("0")
        return len(digits) < 5 or digits.startswith(POOL) or digits in self._whole


class Guard:
    """Looks at every request before it goes out.

    Args:
        numbers: What may be dialled.
        destructive: Whether the person agreed that calls are launched and reports consumed.
    """

    def __init__(self, numbers: Numbers, *, destructive: bool) -> None:
        self._numbers = numbers
        self._destructive = destructive

    def check(self, request: Request, *, effective: bool) -> None:
        """Let a request pass.

        Args:
            request: What would be sent.
            effective: Whether a correct server would launch calls or hand out reports for it.

        Raises:
            Unsafe: it may dial a number or call an address that was not agreed on.
        """
        if effective and not self._destructive:
            raise Unsafe("this request launches or consumes; only --destructive sends it")
        for name, value in _leaves(request):
            if name in _DIALLED and not self._numbers.allows(value):
                raise Unsafe("a request would dial a number that is neither in the pool nor in --numbers")
            if name in _FETCHED and not is_loopback(value):
                raise Unsafe(f"a request would have the server call an address in {name} that is not this machine's")


def _leaves(request: Request) -> Iterator[tuple[str, str]]:
    """Return the texts in a body by the names of their members, as far as it can be read."""
    content_type = next(iter(request.fields("content-type")), None)
    schema = "ClickToCallLaunchRequest" if "ctc" in request.path else "IvrLaunchRequest"
    try:
        if documents.wire_format(request.body, content_type) == "xml":
            value = xml.decode(request.body, schema)
        else:
            value = documents.decode_json(request.body)
    except ValueError:
        yield from (("to", match[1].decode()) for match in _DIALLED_ANYWHERE.finditer(request.body))
        return
    yield from _walk("", value)


def _walk(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for member, inner in members(value).items():
            yield from _walk(member, inner)
    elif isinstance(value, list):
        for inner in items(value):
            yield from _walk(name, inner)
    elif isinstance(value, str | int):
        yield name, str(value)


def is_loopback(url: str) -> bool:
    """Return whether an address is this machine's, or none at all."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return True
    if parts.scheme.lower() not in ("http", "https") or not host:
        return True
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.[0-9]{1,3}){3}", host) is not None


class Rate:
    """Spaces requests out.

    Args:
        per_second: The most requests in a second; None for as many as there are.
    """

    def __init__(self, per_second: float | None) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Return how long to wait before the next request, and count it."""
        begin = max(now, self._next)
        self._next = begin + self._gap
        return begin - now
