"""Rules about the form of answers, and about their header fields."""

import zlib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Final

from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.rules.looks import (
    When,
    accepted,
    both,
    errors,
    fetches,
    has_served,
    header,
    no_problem,
    only,
    status,
    succeeds,
    taken,
    valid,
)
from infobip_voice_contract.rules.rule import SEEDS, Finding, Rule, each, fails, holds
from infobip_voice_wire import media_types

__all__ = ["HEADERS", "NEGOTIATION"]


_DOCUMENTED: Final = (400, 401, 403)
_ONE_FORM: Final = (media_types.JSON, media_types.XML)


def _is_documented(judged: Judged) -> bool:
    return judged.status in _DOCUMENTED


def _accept(judged: Judged) -> str | None:
    return ", ".join(judged.request.fields("accept")) or None


def _asks_for(media_type: str) -> When:
    return lambda judged: _accept(judged) == media_type


def _has_form(judged: Judged) -> str:
    if judged.document is None:
        return ""
    found, wanted = judged.document.form, judged.demand.wanted
    return "" if wanted is None or found == wanted else f"the answer is {found or 'neither JSON nor XML'}, not {wanted}"


def _weighs(judged: Judged) -> bool:
    return accepted(judged) and judged.demand.wanted is not None and "q=" in (_accept(judged) or "")


def _no_accept(judged: Judged) -> bool:
    return accepted(judged) and _accept(judged) in (None, "*/*")


def _is_json(judged: Judged) -> str:
    return "" if judged.document is not None and judged.document.form == "json" else "the 406 is not JSON"


def _charset(judged: Judged) -> bool:
    return valid()(judged) and "charset" in " ".join(
        [*judged.request.fields("content-type"), *judged.request.fields("accept")]
    )


def _in_capitals(judged: Judged) -> bool:
    named = " ".join([*judged.request.fields("content-type"), *judged.request.fields("accept")])
    return valid()(judged) and "charset" not in named and named != named.lower()


def _has_small_names(judged: Judged) -> bool:
    return any(name.islower() for name, _ in judged.request.headers)


def _in_any_case(history: History) -> Iterator[Finding]:
    # Recorded traffic may have all names in lower case; nothing then shows that this matters.
    named_in_both = not all(map(_has_small_names, history.answered))
    for judged in history.answered:
        if not has_served(history, judged):
            continue
        if _in_capitals(judged) or (named_in_both and _has_small_names(judged) and valid()(judged)):
            yield Finding((judged.number,), _taken_in_form(judged))


def _taken_in_form(judged: Judged) -> str:
    return succeeds(judged) or (_has_form(judged) if accepted(judged) else "")


def _odd_get(judged: Judged) -> bool:
    return valid("reports")(judged) and bool(judged.request.body or judged.request.fields("content-type"))


def _retry_after(history: History) -> Iterator[Finding]:
    for judged in history.exchanges:
        answer = judged.exchange.answer
        if answer is not None and answer.status == 429:
            value = answer.field("retry-after")
            problem = (
                "there is no Retry-After" if value is None else "" if _is_wait(value) else f"Retry-After is {value}"
            )
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
    return no_problem("type")(judged)


def _coding(judged: Judged) -> str:
    """Say what is wrong with a Content-Encoding; what our readers forgive is wrong, too."""
    problem = no_problem("coding")(judged)
    if problem or judged.answer is None:
        return problem
    coding = (judged.answer.field("content-encoding") or "").strip().lower()
    if coding not in ("gzip", "x-gzip", "deflate") or not judged.answer.body:
        return ""
    inflater = zlib.decompressobj(47)
    try:
        inflater.decompress(judged.answer.body)
    except zlib.error:
        return f"the body is not in {coding}"
    return "" if inflater.eof else f"the body in {coding} ends too early"


def _has_body(judged: Judged) -> bool:
    return judged.answer is not None and judged.status != 204 and judged.request.method != "HEAD"


def _beyond_ascii(judged: Judged) -> bool:
    answer = judged.answer
    return answer is not None and not answer.fields("content-encoding") and not answer.body.isascii()


def _ends(judged: Judged) -> str:
    form, body = judged.document.form if judged.document else None, judged.answer.body if judged.answer else b""
    end = {"json": b"}", "xml": b">"}.get(form or "", b"")
    is_whole = not no_problem("malformed")(judged) or body.rstrip().endswith(end)
    return "" if is_whole else f"it ends with {body[-12:].decode(errors='replace')}"


NEGOTIATION: Final = (
    Rule("form.json", "negotiation", "Who accepts only JSON gets JSON.",
         SEEDS, each(both(_asks_for("application/json"), accepted), _has_form)),
    Rule("form.xml", "negotiation", "Who accepts only XML gets XML.",
         SEEDS, each(both(_asks_for("application/xml"), accepted), _has_form), ("launch",)),
    Rule("form.refusal", "negotiation", "A refusal has the form that was asked for.",
         ("platform-2026",),
         each(both(lambda judged: _accept(judged) in _ONE_FORM, _is_documented), _has_form)),
    Rule("form.mirrored", "negotiation",
         "Without Accept, or with */*, an answer has the form of the request, and JSON for a GET.",
         ("platform-2026",), each(_no_accept, _has_form), ("launch",)),
    Rule("form.weights", "negotiation", "The weights of Accept decide (RFC 9110).",
         ("assumption",), each(_weighs, _has_form), ("launch",)),
    Rule("form.not-acceptable", "negotiation", "Who accepts neither JSON nor XML is refused with 406.",
         ("assumption",), each(only("not acceptable"), status(406))),
    Rule("form.not-acceptable-json", "negotiation", "The document of a 406 is JSON.",
         ("assumption",), each(lambda judged: judged.status == 406 and _has_body(judged), _is_json)),
    Rule("form.media-type", "negotiation",
         "A body that is neither JSON nor XML, or does not say so, is refused with 415.",
         ("assumption",), each(only("media type"), status(415))),
    Rule("form.charset", "negotiation", "A charset parameter on Content-Type or Accept is accepted.",
         ("assumption",), taken(_charset), ("launch",)),
    Rule("form.case", "negotiation", "Media types and names of fields are read in any case (RFC 9110).",
         ("assumption",), _in_any_case, ("launch",)),
    Rule("form.odd-get", "negotiation", "A body or a Content-Type on a request for reports is ignored.",
         ("reports",), taken(_odd_get), ("read",)),
)  # fmt: skip

HEADERS: Final = (
    Rule("head.content-type", "headers", "An answer has one Content-Type, application/json or application/xml.",
         SEEDS, each(both(_has_body, accepted), _one_type)),
    Rule("head.refusal-type", "headers", "So has a refusal with 400, 401 or 403.",
         ("platform-2026",), each(both(_has_body, _is_documented), _one_type)),
    Rule("head.other-type", "headers", "So has every other refusal.",
         ("assumption",), each(both(_has_body, errors, lambda judged: not _is_documented(judged)), _one_type)),
    Rule("head.coding", "headers", "A body is in the Content-Encoding that its field names.",
         SEEDS, each(_has_body, _coding)),
    Rule("head.length", "headers", "An answer has as many bytes as it needs, also for letters beyond ASCII.",
         SEEDS, each(both(_has_body, _beyond_ascii), _ends)),
    Rule("head.no-store", "headers", "Reports may not be cached: Cache-Control says no-store (R13).",
         ("assumption",), each(both(fetches, accepted), header("Cache-Control", containing="no-store")), ("read",)),
    Rule("head.retry-after", "headers", "A 429 says with Retry-After how long to wait, in seconds or as a date.",
         ("assumption",), _retry_after),
)  # fmt: skip
