"""Rules about the documents of answers, in JSON and in XML."""

import re
from collections.abc import Iterator
from typing import Final

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged, members, text
from infobip_voice_contract.rules.looks import (
    accepted,
    both,
    errors,
    fetches,
    launched,
    launches,
    no_problem,
    only,
    status,
    succeeds,
    valid,
    written_in,
)
from infobip_voice_contract.rules.rule import SEEDS, Finding, Rule, each, fails, holds

__all__ = ["JSON", "XML"]

_SEEDS_ONLY: Final[tuple[Edition, ...]] = ("seeds",)
_2026: Final[tuple[Edition, ...]] = ("2026",)
_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")
_ODD: Final = re.compile(r"[^\w.-]", re.ASCII)


def _skeleton(name: str) -> str:
    """Return what no careless writer of texts spoils."""
    return _ODD.sub("", name)


def _texts(history: History) -> Iterator[Finding]:
    """Look at the texts of reports in JSON that are hard to write."""
    # Of an id of the kit enough is left to know it by.
    odd = {_skeleton(name): name for name in history.calls if name.startswith("kit-") and _ODD.search(name)}
    for judged in history.reads:
        for report in judged.reports if written_in("json")(judged) else ():
            found = text(report.get("messageId")) or ""
            name = found if found in history.calls else odd.get(_skeleton(found), "")
            call = history.call_of({"messageId": name})
            if call is None or not call.matches(judged):
                continue
            sent = {"bulkId": call.bulk_id, "messageId": name, "callbackData": text(call.item.get("callbackData"))}
            hard = {member: value for member, value in sent.items() if value and _ODD.search(value)}
            wrong = [member for member, value in hard.items() if _differ(value, text(report.get(member)))]
            problem = f"{' and '.join(wrong)} of {name} did not come back as sent"
            if hard:
                yield fails(problem, call.launch, judged) if wrong else holds(call.launch, judged)


JSON: Final = (
    Rule("json.well-formed", "json", "An answer that says it is JSON is well-formed JSON, without NaN or Infinity.",
         SEEDS, each(written_in("json"), no_problem("malformed", "mark"))),
    Rule("json.members", "json", "No object has a member twice (RFC 8259).",
         ("assumption",), each(written_in("json"), no_problem("repeated"))),
    Rule("json.utf-8", "json", "JSON is encoded in UTF-8.",
         SEEDS, each(written_in("json"), no_problem("charset"))),
    Rule("json.launched", "json", "The answer to a launch has bulkId and messages of to, status and messageId.",
         _LAUNCHES, each(both(valid(), written_in("json"), launches, accepted), no_problem("schema")), ("launch",)),
    Rule("json.reports", "json",
         "The answer to a request for reports has results, each with members of the documented types.",
         ("reports",), each(both(written_in("json"), fetches, accepted), no_problem("schema")), ("read",)),
    Rule("json.text", "json", "A text comes back in a report as it was sent, with characters beyond U+FFFF, too.",
         ("reports", "platform-2026"), _texts, ("report",)),
    Rule("json.refusal", "json", "A refusal has requestError, serviceException, messageId and text.",
         ("platform-2026",), each(both(written_in("json"), errors), no_problem("schema"))),
)  # fmt: skip


def _sound_xml(judged: Judged) -> bool:
    return judged.demand.is_valid and accepted(judged) and judged.is_sound and written_in("xml")(judged)


def _written_otherwise(judged: Judged) -> bool:
    body = judged.request.body
    return judged.demand.form == "xml" and any(mark in body for mark in (b"<!--", b"<![CDATA[", b"&#"))


def _echoes_ids(judged: Judged) -> str:
    """Say which id comes back as another one; one that is left out is none of this."""
    supplied = [text(members(judged.demand.value).get("bulkId")), *(wanted.message_id for wanted in judged.wanted)]
    found = [text(judged.value.get("bulkId")), *(text(entry.get("messageId")) for entry in judged.entries)]
    others = [f"{sent} came back as {came}" for sent, came in zip(supplied, found, strict=False) if _differ(sent, came)]
    return ", ".join(others[:3])


def _differ(sent: str | None, came: str | None) -> bool:
    return sent is not None and came is not None and sent != came


XML: Final = (
    Rule("xml.well-formed", "xml", "An answer that says it is XML is well-formed XML, without a DOCTYPE.",
         SEEDS, each(written_in("xml"), no_problem("malformed"))),
    Rule("xml.utf-8", "xml", "XML is encoded in UTF-8.",
         SEEDS, each(written_in("xml"), no_problem("charset"))),
    Rule("xml.root", "xml", "The roots are reportResponse, voiceResponse and ApiException.",
         ("reports", "platform-2026"), each(written_in("xml"), no_problem("root"))),
    Rule("xml.items", "xml", "The items of results are result.",
         ("reports",), each(both(written_in("xml"), fetches, accepted), no_problem("items")), ("read",), _SEEDS_ONLY),
    Rule("xml.items-2026", "xml", "The items of results are results.",
         ("platform-2026",), each(both(written_in("xml"), fetches, accepted), no_problem("items")), ("read",), _2026),
    Rule("xml.messages", "xml", "The items of messages in the answer to a launch are message.",
         ("platform-2026",), each(both(written_in("xml"), launches, accepted), no_problem("items")), ("launch",)),
    Rule("xml.price", "xml", "The price element is pricePerMessage.",
         ("reports",), each(both(written_in("xml"), fetches, accepted), no_problem("price")), ("read",), _SEEDS_ONLY),
    Rule("xml.price-2026", "xml", "The price element is pricePerSecond.",
         ("platform-2026",), each(both(written_in("xml"), fetches, accepted), no_problem("price")), ("read",), _2026),
    Rule("xml.empty-list", "xml", "An empty list is an empty element, not a missing one.",
         ("sibling",), each(both(written_in("xml"), accepted), no_problem("empty list")), ("read",)),
    Rule("xml.repeated", "xml", "No element that is not an item comes twice.",
         ("reports", "platform-2026"), each(written_in("xml"), no_problem("repeated"))),
    Rule("xml.values", "xml", "Numbers and booleans are written as JSON writes them, and members have their types.",
         ("reports", "platform-2026"), each(_sound_xml, no_problem("schema"))),
    Rule("xml.refusal", "xml",
         "A refusal has requestError, serviceException, messageId and text; violations by path (R12).",
         ("platform-2026", "assumption"), each(both(written_in("xml"), errors), no_problem("schema", "violations"))),
    Rule("xml.doctype", "xml", "A body with a DOCTYPE is refused with 400; nothing in it is resolved.",
         ("assumption",), each(only("doctype"), status(400))),
    Rule("xml.text", "xml", "A text is all that its element has: around comments, in CDATA, by references.",
         ("platform-2026",), launched(_echoes_ids, when=_written_otherwise), ("launch",)),
    Rule("xml.accepted", "xml", "A launch in XML is accepted as the same launch in JSON is.",
         ("platform-2026",), each(both(valid(), launches, lambda judged: judged.demand.form == "xml"), succeeds),
         ("launch",)),
)  # fmt: skip
