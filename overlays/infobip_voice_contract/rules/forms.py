"""Rules about the form of answers: negotiation, JSON, XML, header fields."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Final

from infobip_voice_contract.history import History, Judged
from infobip_voice_contract.rules.looks import (
    accepted,
    both,
    errors,
    fetches,
    header,
    launches,
    no_problem,
    only,
    refused,
    status,
    succeeds,
    valid,
    written_in,
)
from infobip_voice_contract.rules.rule import SEEDS, Finding, Rule, each, fails, holds
from infobip_voice_wire import media_types

__all__ = ["HEADERS", "JSON", "NEGOTIATION", "XML"]

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")


def _accept(judged: Judged) -> str | None:
    return ", ".join(judged.request.fields("accept")) or None


def _asks_for(media_type: str):  # type: ignore[no-untyped-def]
    return lambda judged: _accept(judged) == media_type and (accepted(judged) or errors(judged))


def _has_form(judged: Judged) -> str:
    found = judged.document.form if judged.document is not None else None
    wanted = judged.demand.wanted
    return "" if wanted is None or found == wanted else f"the answer is {found or 'neither JSON nor XML'}, not {wanted}"


def _weighs(judged: Judged) -> bool:
    return accepted(judged) and judged.demand.wanted is not None and "q=" in (_accept(judged) or "")


def _no_accept(judged: Judged) -> bool:
    return accepted(judged) and _accept(judged) is None


def _is_json(judged: Judged) -> str:
    return "" if judged.document is not None and judged.document.form == "json" else "the 406 is not JSON"


def _charset(judged: Judged) -> bool:
    return valid()(judged) and "charset" in " ".join([*judged.request.fields("content-type"), *judged.request.fields("accept")])


def _odd_get(judged: Judged) -> bool:
    return valid("reports")(judged) and bool(judged.request.body or judged.request.fields("content-type"))


def _read_alike(history: History) -> Iterator[Finding]:
    """Every XML launch that was accepted has as many entries as it has destinations."""
    for judged in history.exchanges:
        if judged.demand.form == "xml" and launches(judged) and judged.demand.is_valid and accepted(judged):
            found, wanted = len(judged.entries), len(judged.wanted)
            yield holds(judged) if found == wanted else fails(f"{found} entries for {wanted} calls", judged)


def _retry_after(history: History) -> Iterator[Finding]:
    for judged in history.exchanges:
        answer = judged.exchange.answer
        if answer is not None and answer.status == 429:
            value = answer.field("retry-after")
            problem = "there is no Retry-After" if value is None else "" if _is_wait(value) else f"Retry-After is {value}"
            yield fails(problem, judged) if problem else holds(judged)


def _is_wait(value: str) -> bool:
    if value.strip().isdecimal():
        return True
    try:
        parsedate_to_datetime(value)
    except ValueError:
        return False
    return True


def _one_type(judged: Judged) -> str:
    fields = judged.answer.fields("content-type") if judged.answer is not None else []
    if len(fields) != 1:
        return f"there are {len(fields)} Content-Type fields"
    return "" if media_types.parse(fields[0]) else f"the Content-Type is {fields[0]}"


def _has_body(judged: Judged) -> bool:
    return judged.answer is not None and judged.status != 204 and judged.request.method != "HEAD"


NEGOTIATION: Final = (
    Rule("form.json", "negotiation", "Who accepts only JSON gets JSON, refusals included.",
         SEEDS, each(both(_asks_for("application/json"), lambda judged: judged.status != 406), _has_form)),
    Rule("form.xml", "negotiation", "Who accepts only XML gets XML.",
         SEEDS, each(both(_asks_for("application/xml"), accepted), _has_form), ("launch",)),
    Rule("form.xml-refusal", "negotiation", "Who accepts only XML gets refusals in XML, too.",
         ("platform-2026",),
         each(both(_asks_for("application/xml"), refused, lambda judged: judged.status != 406), _has_form)),
    Rule("form.mirrored", "negotiation", "Without Accept an answer has the form of the request, and JSON for a GET.",
         ("platform-2026",), each(_no_accept, _has_form), ("launch",)),
    Rule("form.anything", "negotiation", "Accept: */* means the same as none.",
         ("platform-2026",), each(both(accepted, lambda judged: _accept(judged) == "*/*"), _has_form), ("launch",)),
    Rule("form.weights", "negotiation", "The weights of Accept decide (RFC 9110).",
         ("assumption",), each(_weighs, _has_form), ("launch",)),
    Rule("form.not-acceptable", "negotiation", "Who accepts neither JSON nor XML is refused with 406.",
         ("assumption",), each(only("not acceptable"), status(406))),
    Rule("form.not-acceptable-json", "negotiation", "The document of a 406 is JSON.",
         ("assumption",), each(lambda judged: judged.status == 406 and _has_body(judged), _is_json)),
    Rule("form.media-type", "negotiation", "A body that is neither JSON nor XML, or does not say so, is refused with 415.",
         ("assumption",), each(only("media type"), status(415))),
    Rule("form.charset", "negotiation", "A charset parameter on Content-Type or Accept is accepted.",
         ("assumption",), each(_charset, succeeds), ("launch",)),
    Rule("form.odd-get", "negotiation", "A body or a Content-Type on a request for reports is ignored.",
         ("reports",), each(_odd_get, succeeds), ("read",)),
)  # fmt: skip

JSON: Final = (
    Rule("json.well-formed", "json", "An answer that says it is JSON is well-formed JSON, without NaN or Infinity.",
         SEEDS, each(written_in("json"), no_problem("malformed"))),
    Rule("json.members", "json", "No object has a member twice (RFC 8259).",
         ("assumption",), each(written_in("json"), no_problem("repeated"))),
    Rule("json.utf-8", "json", "JSON is encoded in UTF-8.",
         SEEDS, each(written_in("json"), no_problem("charset"))),
    Rule("json.launched", "json", "The answer to a launch has bulkId and messages of to, status and messageId.",
         _LAUNCHES, each(both(written_in("json"), launches, accepted), no_problem("schema")), ("launch",)),
    Rule("json.reports", "json", "The answer to a request for reports has results, each with members of the documented types.",
         ("reports",), each(both(written_in("json"), fetches, accepted), no_problem("schema")), ("read",)),
    Rule("json.refusal", "json", "A refusal has requestError, serviceException, messageId and text.",
         ("platform-2026",), each(both(written_in("json"), errors), no_problem("schema"))),
)  # fmt: skip

XML: Final = (
    Rule("xml.well-formed", "xml", "An answer that says it is XML is well-formed XML, without a DOCTYPE.",
         SEEDS, each(written_in("xml"), no_problem("malformed"))),
    Rule("xml.utf-8", "xml", "XML is encoded in UTF-8.",
         SEEDS, each(written_in("xml"), no_problem("charset"))),
    Rule("xml.reports-root", "xml", "The root of reports is reportResponse.",
         ("reports",), each(both(written_in("xml"), fetches, accepted), no_problem("root")), ("read",)),
    Rule("xml.launched-root", "xml", "The root of the answer to a launch is voiceResponse.",
         ("platform-2026",), each(both(written_in("xml"), launches, accepted), no_problem("root")), ("launch",)),
    Rule("xml.refusal-root", "xml", "The root of a refusal is ApiException.",
         ("platform-2026",), each(both(written_in("xml"), errors), no_problem("root"))),
    Rule("xml.items", "xml", "The items of results are result.",
         ("reports",), each(both(written_in("xml"), fetches, accepted), no_problem("items")), ("read",), ("seeds",)),
    Rule("xml.items-2026", "xml", "The items of results are results.",
         ("platform-2026",), each(both(written_in("xml"), fetches, accepted), no_problem("items")), ("read",), ("2026",)),
    Rule("xml.messages", "xml", "The items of messages in the answer to a launch are message.",
         ("platform-2026",), each(both(written_in("xml"), launches, accepted), no_problem("items")), ("launch",)),
    Rule("xml.price", "xml", "The price element is pricePerMessage.",
         ("reports",), each(both(written_in("xml"), fetches, accepted), no_problem("price")), ("read",), ("seeds",)),
    Rule("xml.price-2026", "xml", "The price element is pricePerSecond.",
         ("platform-2026",), each(both(written_in("xml"), fetches, accepted), no_problem("price")), ("read",), ("2026",)),
    Rule("xml.empty-list", "xml", "An empty list is an empty element, not a missing one.",
         ("sibling",), each(both(written_in("xml"), accepted), no_problem("empty list")), ("read",)),
    Rule("xml.repeated", "xml", "No element that is not an item comes twice.",
         ("reports", "platform-2026"), each(written_in("xml"), no_problem("repeated"))),
    Rule("xml.values", "xml", "Numbers and booleans are written as JSON writes them, and members have their types.",
         ("reports", "platform-2026"), each(both(written_in("xml"), accepted), no_problem("schema"))),
    Rule("xml.refusal", "xml", "A refusal has requestError, serviceException, messageId and text; violations by path (R12).",
         ("platform-2026", "assumption"), each(both(written_in("xml"), errors), no_problem("schema"))),
    Rule("xml.accepted", "xml", "A launch in XML is accepted as the same launch in JSON is.",
         ("platform-2026",), each(both(valid(), launches, lambda judged: judged.demand.form == "xml"), succeeds), ("launch",)),
    Rule("xml.same-calls", "xml", "A launch in XML dials every destination that it names.",
         ("platform-2026",), _read_alike, ("launch",)),
)  # fmt: skip

HEADERS: Final = (
    Rule("head.content-type", "headers", "An answer has one Content-Type, application/json or application/xml.",
         SEEDS, each(_has_body, lambda judged: _one_type(judged) or no_problem("type")(judged))),
    Rule("head.charset", "headers", "A charset in an answer's Content-Type is UTF-8.",
         SEEDS, each(_has_body, no_problem("charset"))),
    Rule("head.coding", "headers", "A body is in the Content-Encoding that its field names.",
         SEEDS, each(_has_body, no_problem("coding"))),
    Rule("head.no-store", "headers", "Reports may not be cached: Cache-Control says no-store (R13).",
         ("assumption",), each(both(fetches, accepted), header("Cache-Control", containing="no-store")), ("read",)),
    Rule("head.retry-after", "headers", "A 429 says with Retry-After how long to wait, in seconds or as a date.",
         ("assumption",), _retry_after),
)  # fmt: skip
