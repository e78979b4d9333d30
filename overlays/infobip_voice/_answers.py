"""What an answer comes to: its value, or the error that says why there is none."""

from typing import Any, Final

from infobip_voice import errors
from infobip_voice._exchange import Exchanged
from infobip_voice._messages import Outcome, Request
from infobip_voice._policy import retry_after
from infobip_voice_wire import documents

__all__ = ["NOT_UNDERSTOOD", "document", "failed", "value"]

# What a document or a generated `from_dict` raises for an answer that is not as the contract says.
NOT_UNDERSTOOD: Final = (ValueError, TypeError, KeyError, AttributeError)
_REFUSALS: Final[dict[int | None, type[errors.Refused]]] = {
    400: errors.BadRequest,
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    429: errors.Throttled,
}


def document(outcome: Outcome) -> bytes:
    """Return the body to keep: without its Content-Encoding where that can be undone whole, else as
    it came.
    """
    unpacked = documents.unpack(outcome.body, outcome.headers.get("content-encoding"))
    return outcome.body if unpacked.rest else unpacked.document


def value(outcome: Outcome, schema: str) -> Any:
    """Return the value of the body of an answer, read as the named schema of the contract.

    Raises:
        ValueError: it cannot be read.
    """
    body, _, damage = documents.unpack(outcome.body, outcome.headers.get("content-encoding"))
    if damage and not body:
        raise ValueError(damage)
    return documents.decode(body, outcome.headers.get("content-type"), schema)


def failed(request: Request, exchanged: Exchanged, damage: str = "") -> errors.VoiceError:
    """Return the error for an exchange that did not end in a whole 2xx, or in one that is not
    understood: its `damage`.
    """
    outcome, verdict, repeated = exchanged
    launch = bool(request.message_ids)
    filters = request.filters
    evidence: dict[str, Any] = {
        "operation": request.operation.name,
        "bulk_id": request.bulk_id or filters.get("bulkId"),
        "message_ids": request.message_ids or [filters[name] for name in ("messageId",) if name in filters],
        "status": outcome.status,
        "headers": outcome.headers,
        "body": document(outcome),
    }
    if verdict == "answered":
        return (errors.LaunchUnreadable if launch else errors.ReportsUnreadable)(damage, **evidence)
    code, text, violations = _problem(outcome)
    reason = outcome.failure or f"the server failed or gave an unknown status {code}".rstrip()
    if launch and repeated and verdict != "uncertain":
        # Whatever the last attempt came to, an earlier one may have dialled.
        reason = f"an earlier attempt had no verdict; the last one was {verdict}: {outcome.failure or outcome.status}"
        verdict = "uncertain"
    asked = retry_after(outcome.headers)
    if verdict == "uncertain" and launch:
        return errors.LaunchUncertain(reason, **evidence)
    if verdict == "uncertain" and not request.operation.consumes:
        return errors.VoiceError(f"no answer, and nothing was taken away: {reason}", **evidence)
    if verdict == "uncertain":
        gap = errors.ReportsUncertain(reason, **evidence)
        gap.retry_after = asked
        return gap
    if verdict == "unsent":
        return errors.NotSent(f"no connection: {reason}", **evidence)
    kind = _REFUSALS.get(outcome.status, errors.Refused)
    if kind is errors.Throttled and asked is not None:
        text = f"{text or 'throttled'}; the server asks to wait {asked:g} seconds"
    refusal = kind(text or "refused", code=code, violations=violations, **evidence)
    if isinstance(refusal, errors.Throttled):
        refusal.retry_after = asked
    return refusal


def _problem(outcome: Outcome) -> tuple[str, str, dict[str, list[str]]]:
    """Return code, text and violations of an error body, as far as it has them: a proxy's page has
    none.
    """
    try:
        exception: dict[str, Any] = value(outcome, "ApiException")["requestError"]["serviceException"]
        violations: dict[str, list[Any]] = exception.get("validationErrors") or {}
        code, text = str(exception.get("messageId") or ""), str(exception.get("text") or "")
        return code, text, {path: [str(item) for item in texts] for path, texts in violations.items()}
    except NOT_UNDERSTOOD:
        return "", "", {}
