"""Read HAR files, in which browsers and proxies record traffic."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infobip_voice_contract.contract import OPERATIONS
from infobip_voice_contract.exchange import ACCOUNT, Answer, Exchange, Fields, Request
from infobip_voice_contract.journal import Facts, Recording

__all__ = ["load_har"]

_UNKNOWN = "a recording does not say how long reports take to appear"
_SECRET = ("authorization", "cookie", "proxy-authorization")


def load_har(path: Path) -> Recording:
    """Return what a HAR file has in it; credentials that were not refused are the account's own.

    Raises:
        ValueError: it is no HAR file.
        OSError: it cannot be read.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
        exchanges = tuple(_exchange(number, entry) for number, entry in enumerate(entries, start=1))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise ValueError(f"{path} is no HAR file") from None
    return Recording(Facts(skipped={"complete": ("inconclusive", _UNKNOWN)}), exchanges)


def _exchange(number: int, entry: dict[str, Any]) -> Exchange:
    status = int(entry["response"]["status"])
    started = datetime.fromisoformat(entry["startedDateTime"].replace("Z", "+00:00")).timestamp()
    ended = started + float(entry.get("time") or 0) / 1000
    answer = _answer(status, entry["response"]) if status else None
    return Exchange(
        number, "recording", started, ended, _request(entry["request"], status), answer, "" if status else "no answer"
    )


def _request(request: dict[str, Any], status: int) -> Request:
    parts = urlsplit(str(request["url"]))
    # A server may have its operations behind a prefix.
    path = next((operation.path for operation in OPERATIONS if parts.path.endswith(operation.path)), parts.path)
    headers: list[tuple[str, str]] = []
    for name, value in _fields(request["headers"]):
        if name.lower() == "authorization" and status != 401:
            headers.append((name, ACCOUNT))
        elif not name.startswith(":"):
            headers.append((name, "<masked>" if name.lower() in _SECRET else value))
    posted: dict[str, Any] = request.get("postData") or {}
    body = str(posted.get("text") or "").encode()
    return Request(request["method"], path + (f"?{parts.query}" if parts.query else ""), tuple(headers), body)


def _answer(status: int, response: dict[str, Any]) -> Answer:
    content: dict[str, Any] = response.get("content") or {}
    text = str(content.get("text") or "")
    body = base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()
    # A HAR file has bodies without their coding.
    headers = tuple((name, value) for name, value in _fields(response["headers"]) if name.lower() != "content-encoding")
    return Answer(status, headers, body)


def _fields(fields: list[dict[str, str]]) -> Fields:
    return tuple((field["name"], field["value"]) for field in fields)
