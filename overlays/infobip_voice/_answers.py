"""From the bytes of an answer to a value, or to the error that says why not."""

import json
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NoReturn

from infobip_voice import errors
from infobip_voice._exchange import Outcome, Request
from infobip_voice._policy import Verdict, retry_after
from infobip_voice_wire import media_types

__all__ = ["UNREADABLE", "content", "evidence", "exact_json", "failed", "kept", "parse", "wire_format"]

# What reading JSON or XML raises: a bad byte, a bad document, too deep, too many digits. `XmlError` is a ValueError.
UNREADABLE: Final = (ValueError, ArithmeticError, RecursionError)
_LARGEST: Final = 256 * 1024 * 1024  # a page of 50 reports has 50 KB; a decompression bomb ends here
_REFUSALS: Final[dict[int, type[errors.Refused]]] = {
    400: errors.BadRequest,
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    429: errors.Throttled,
}


def content(headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the bytes without their Content-Encoding; what there is of them if they were cut.

    Raises:
        ValueError: an encoding that was not asked for and is not known, or bytes that are not in it.
    """
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError("the Content-Encoding is unknown")
    # 47: a zlib or a gzip header, whichever is there (zlib's manual, inflateInit2).
    inflater = zlib.decompressobj(47)
    try:
        plain = inflater.decompress(body, _LARGEST)
    except zlib.error:
        raise ValueError("the bytes are not in their Content-Encoding") from None
    if inflater.unconsumed_tail:
        raise ValueError("the decoded answer is too large")
    return plain


def kept(outcome: Outcome) -> bytes:
    """Return the bytes for a person to keep: decoded if they can be, as they came if not."""
    try:
        return content(outcome.headers, outcome.body)
    except ValueError:
        return outcome.body


def wire_format(content_type: str | None, document: bytes) -> str:
    """Return `json` or `xml`, by the Content-Type, or by the first character where that names neither."""
    return media_types.wire_format(content_type) or ("xml" if document.lstrip()[:1] == b"<" else "json")


def exact_json(document: bytes | str) -> Any:
    """Return the value of a JSON document, with every fraction as an exact Decimal."""
    return json.loads(document, parse_float=Decimal, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def parse(content_type: str | None, document: bytes, schema: str) -> Any:
    """Return the value of a JSON or XML document of the named schema.

    Raises:
        one of `UNREADABLE`, with a text that does not quote the document.
    """
    if wire_format(content_type, document) == "xml":
        from infobip_voice_wire import xml  # lxml costs a third of the import time of httpx

        return xml.decode(document, schema)
    return exact_json(document)


def evidence(request: Request, outcome: Outcome, message_ids: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what every error says about an exchange."""
    return {
        "operation": request.operation.name,
        "bulk_id": request.bulk_id,
        "message_ids": message_ids,
        "status": outcome.status,
        "headers": outcome.headers,
        "body": kept(outcome),
    }


def failed(
    request: Request, outcome: Outcome, verdict: Verdict, message_ids: tuple[str, ...] = ()
) -> errors.VoiceError:
    """Return the error for an exchange that did not end in a whole 2xx."""
    facts = evidence(request, outcome, message_ids)
    if verdict == "unsent":
        return errors.NotSent(f"no connection: {outcome.failure}", **facts)
    code, text, violations = _problem(outcome, facts["body"])
    if verdict == "uncertain":
        reason = outcome.failure or f"the server failed or gave an unknown status {code}".rstrip()
        return (errors.LaunchUncertain if request.calls else errors.ReportsUncertain)(reason, **facts)
    kind = _REFUSALS.get(outcome.status or 0, errors.Refused)
    refusal = kind(text or "refused", code=code, violations=violations, **facts)
    if isinstance(refusal, errors.Throttled):
        refusal.retry_after = retry_after(outcome.headers)
    return refusal


def _problem(outcome: Outcome, body: bytes) -> tuple[str, str, dict[str, list[str]]]:
    """Return code, text and violations of an error body, as far as it has them: a proxy's page has none."""
    try:
        value = parse(outcome.headers.get("content-type"), body, "ApiException")
        exception: dict[str, Any] = value["requestError"]["serviceException"]
        violations: dict[str, list[Any]] = exception.get("validationErrors") or {}
        code, text = str(exception.get("messageId") or ""), str(exception.get("text") or "")
        return code, text, {path: [str(item) for item in texts] for path, texts in violations.items()}
    except (*UNREADABLE, KeyError, TypeError, AttributeError):
        return "", "", {}
