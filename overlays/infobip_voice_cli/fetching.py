"""Fetch a contract from a file, or from the one server that was named; read it as YAML or JSON."""

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from infobip_voice_wire.loopback import is_loopback

if TYPE_CHECKING:
    import httpx

__all__ = ["MAX_CONTRACT_BYTES", "fetch", "read"]

MAX_CONTRACT_BYTES: Final = 4 * 1024 * 1024
MAX_CONTRACT_PARTS: Final = 1_000_000
"""The most values, with those counted again that an alias of YAML repeats."""
MAX_REDIRECTS: Final = 5
MAX_SECONDS: Final = 60.0

Json = dict[str, Any]


def fetch(source: str, *, seconds: float = MAX_SECONDS) -> bytes:
    """Return the bytes of a contract, from a URL or a file.

    Raises:
        ValueError: The address is refused, or what it gives is no whole file within the limits.
        OSError: The file cannot be read.
    """
    if "://" not in source:
        with Path(source).open("rb") as file:
            content = file.read(MAX_CONTRACT_BYTES + 1)
        if len(content) > MAX_CONTRACT_BYTES:
            raise ValueError(f"{source} is larger than {MAX_CONTRACT_BYTES} bytes: no contract is")
        return content
    found: list[bytes | Exception] = []

    def work() -> None:
        try:
            found.append(_download(source))
        except Exception as error:
            found.append(error)

    # The limits of a socket begin anew with every byte. A thread can be left to itself.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise ValueError(f"the contract did not come within {seconds:g} seconds")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _download(source: str) -> bytes:
    import httpx

    try:
        url = first = httpx.URL(source)
        for _ in range(MAX_REDIRECTS + 1):
            _admit(url, first)
            with (
                # The proxy of the environment is for other machines.
                httpx.Client(trust_env=not is_loopback(url.host), timeout=15.0) as client,
                client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer,
            ):
                if not answer.has_redirect_location:
                    return _body(answer, _shown(url))
                url = url.join(answer.headers["location"])
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ValueError(f"the contract cannot be fetched: {error or type(error).__name__}") from None
    raise ValueError(f"{_shown(first)} redirects more than {MAX_REDIRECTS} times")


def _admit(url: "httpx.URL", first: "httpx.URL") -> None:
    if url.userinfo:
        raise ValueError("credentials do not belong in the address of a contract: fetch it yourself, and give the file")
    if (url.host, url.port) != (first.host, first.port):
        raise ValueError(
            f"{_shown(first)} redirects to another server, {url.host}: if you trust it, give its address instead"
        )
    if not url.host or (url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host))):
        raise ValueError(f"{_shown(url)} is refused: only https is fetched, and http from this machine")


def _body(answer: "httpx.Response", name: str) -> bytes:
    if answer.status_code != 200:
        raise ValueError(f"{name} answered {answer.status_code} instead of 200")
    if "content-length" not in answer.headers and "transfer-encoding" not in answer.headers:
        raise ValueError(f"{name} does not say how long its answer is: part of it could be missing")
    content = bytearray()
    for part in answer.iter_bytes():
        content += part
        if len(content) > MAX_CONTRACT_BYTES:
            raise ValueError(f"{name} is larger than {MAX_CONTRACT_BYTES} bytes: no contract is")
    return bytes(content)


def _shown(url: "httpx.URL") -> str:
    """Return an address without what may be secret in it."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def read(content: bytes, name: str) -> Json:
    """Return a contract as JSON has it: every alias of YAML is a copy.

    Raises:
        ValueError: It is neither JSON nor YAML, no description of OpenAPI 3, or too large.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        text = content.decode("utf-8-sig")
        try:
            document: Any = json.loads(text)
        except ValueError:
            document = cast(Any, YAML(typ="safe", pure=True)).load(text)
        if isinstance(document, dict | list) and _parts(document, {}) > MAX_CONTRACT_PARTS:
            raise ValueError("it has too many values")
        plain: Any = json.loads(json.dumps(document, default=str))
    except (ValueError, YAMLError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"{name} can be read neither as YAML nor as JSON: {reason}") from None
    found = cast(Json, plain) if isinstance(plain, dict) else {}
    if not str(found.get("openapi", "")).startswith("3.") or not isinstance(found.get("paths"), dict):
        raise ValueError(f"{name} does not describe an API: `openapi: 3.…` and `paths` are needed")
    if not isinstance(found.get("info"), dict) or "version" not in found["info"]:
        raise ValueError(f"{name} has no `info.version`")
    return found


def _parts(node: Any, known: dict[int, int]) -> int:
    """Count the values of a document; one that contains itself is counted once."""
    identity = id(node)
    if identity not in known:
        known[identity] = 1
        inner = cast(Json, node).values() if isinstance(node, dict) else cast(list[Any], node)
        known[identity] += sum(_parts(each, known) for each in inner if isinstance(each, dict | list))
        known[identity] += len(inner)
    return known[identity]
