"""Rules about the documents of answers, in JSON and in XML."""

from typing import Final

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.rules.looks import (
    accepted,
    both,
    errors,
    fetches,
    launches,
    no_problem,
    succeeds,
    valid,
    written_in,
)
from infobip_voice_contract.rules.rule import SEEDS, Rule, each

__all__ = ["JSON", "XML"]

_SEEDS_ONLY: Final[tuple[Edition, ...]] = ("seeds",)
_2026: Final[tuple[Edition, ...]] = ("2026",)
_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")

JSON: Final = (
    Rule("json.well-formed", "json", "An answer that says it is JSON is well-formed JSON, without NaN or Infinity.",
         SEEDS, each(written_in("json"), no_problem("malformed"))),
    Rule("json.members", "json", "No object has a member twice (RFC 8259).",
         ("assumption",), each(written_in("json"), no_problem("repeated"))),
    Rule("json.utf-8", "json", "JSON is encoded in UTF-8.",
         SEEDS, each(written_in("json"), no_problem("charset"))),
    Rule("json.launched", "json", "The answer to a launch has bulkId and messages of to, status and messageId.",
         _LAUNCHES, each(both(valid(), written_in("json"), launches, accepted), no_problem("schema")), ("launch",)),
    Rule("json.reports", "json",
         "The answer to a request for reports has results, each with members of the documented types.",
         ("reports",), each(both(written_in("json"), fetches, accepted), no_problem("schema")), ("read",)),
    Rule("json.refusal", "json", "A refusal has requestError, serviceException, messageId and text.",
         ("platform-2026",), each(both(written_in("json"), errors), no_problem("schema"))),
)  # fmt: skip


def _sound_xml(judged: Judged) -> bool:
    return judged.demand.is_valid and accepted(judged) and judged.is_sound and written_in("xml")(judged)


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
    Rule("xml.accepted", "xml", "A launch in XML is accepted as the same launch in JSON is.",
         ("platform-2026",), each(both(valid(), launches, lambda judged: judged.demand.form == "xml"), succeeds),
         ("launch",)),
)  # fmt: skip
