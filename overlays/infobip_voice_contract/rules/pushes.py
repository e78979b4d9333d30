"""Rules about reports that are pushed."""

from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from infobip_voice_contract.history import Call, History
from infobip_voice_contract.judged import Judged, text
from infobip_voice_contract.rules.rule import Check, Finding, Rule, fails, holds
from infobip_voice_contract.rules.values import look_of_times
from infobip_voice_wire import media_types

__all__ = ["PUSH"]

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")


def _each_push(then: Callable[[Judged, Call], str], *, when: Callable[[Call], bool] = bool) -> Check:
    """Return the check that looks at every push of one of our calls."""

    def check(history: History) -> Iterator[Finding]:
        for judged in history.pushes:
            for report in judged.reports:
                call = history.call_of(report)
                if call is not None and when(call):
                    problem = then(judged, call)
                    yield fails(problem, call.launch, judged) if problem else holds(call.launch, judged)

    return check


def _pushed_id(report: dict[str, Any]) -> str:
    return text(report.get("messageId")) or ""


def _arrives(history: History) -> Iterator[Finding]:
    pushed = {_pushed_id(report) for judged in history.pushes for report in judged.reports}
    last = history.exchanges[-1].exchange.ended if history.exchanges else 0.0
    for call in history.calls.values():
        if not call.pushed or history.patience is None:
            continue
        if call.message_id in pushed:
            yield holds(call.launch)
        elif call.due + history.patience + 5 < last:
            yield fails(f"the report of {call.message_id} was never pushed", call.launch)


def _as_asked(judged: Judged, call: Call) -> str:
    wanted = text(call.item.get("notifyContentType")) or media_types.JSON
    fields = judged.request.fields("content-type")
    found = media_types.parse(fields[0]) if fields else None
    if judged.request.method != "POST":
        return f"the method is {judged.request.method}"
    return (
        ""
        if found is not None and found.essence == wanted
        else f"the Content-Type is {', '.join(fields)}, not {wanted}"
    )


def _one_report(judged: Judged, _: Call) -> str:
    return "" if len(judged.reports) == 1 else f"a push has {len(judged.reports)} reports"


def _flat(judged: Judged, _: Call) -> str:
    return "the report is nested" if any("voiceCall" in report for report in judged.reports) else _readable(judged)


def _nested(judged: Judged, _: Call) -> str:
    if not all("voiceCall" in report for report in judged.reports):
        return "the report is flat"
    broken = judged.broken_rules("NestedReportResponse")
    return f"{broken[0].path} breaks the rule `{broken[0].keyword}` of NestedReportResponse" if broken else ""


def _readable(judged: Judged) -> str:
    problems = judged.document.problems if judged.document is not None else ()
    return "; ".join(problem.text for problem in problems if problem.kind in ("malformed", "root", "charset", "schema"))


def _version(call: Call) -> int:
    version = call.item.get("notifyContentVersion")
    return version if isinstance(version, int) else 2 if call.launch.edition == "2026" else 1


def _echoes_data(judged: Judged, call: Call) -> str:
    wanted = call.item.get("callbackData")
    found = [report.get("callbackData") for report in judged.reports]
    return "" if found == [wanted] else "callbackData is not what was sent" if wanted else "callbackData was made up"


def _not_pulled(history: History) -> Iterator[Finding]:
    pushed = {_pushed_id(report) for judged in history.pushes for report in judged.reports}
    for message_id in pushed & history.calls.keys():
        if history.launches[message_id] > 1:
            continue
        call, reads = history.calls[message_id], history.handed.get(message_id, [])
        yield fails("the report was pushed, and fetched too", call.launch, *reads) if reads else holds(call.launch)


def _pushed_again(history: History) -> Iterator[Finding]:
    """A push that was answered 503 comes again after about a minute."""
    times: dict[str, list[Judged]] = {}
    for judged in history.pushes:
        for report in judged.reports:
            times.setdefault(_pushed_id(report), []).append(judged)
    last = history.exchanges[-1].exchange.ended if history.exchanges else 0.0
    for pushes in times.values():
        first = pushes[0]
        if first.exchange.answer is None or first.exchange.answer.status < 300:
            continue
        if len(pushes) > 1:
            waited = pushes[1].exchange.started - first.exchange.started
            yield holds(*pushes[:2]) if 45 <= waited <= 90 else fails(f"repeated after {waited:.0f} s", *pushes[:2])
        elif last > first.exchange.ended + 90:
            yield fails("it was not repeated", first)


def _pushed_once(history: History) -> Iterator[Finding]:
    """What was answered with a 2xx does not come again."""
    taken: dict[str, Judged] = {}
    for judged in history.pushes:
        answer = judged.exchange.answer
        for report in judged.reports:
            name = _pushed_id(report)
            before = taken.get(name) if history.launches[name] <= 1 else None
            yield (
                fails(f"the report of {name} was pushed again, though taken", before, judged)
                if before
                else holds(judged)
            )
            if answer is not None and answer.status < 300:
                taken[name] = judged


def _like_a_fetched_one(judged: Judged, call: Call) -> str:
    for report in judged.reports:
        for name, wanted in (("to", call.to), ("bulkId", call.bulk_id)):
            found = text(report.get(name))
            if found is not None and wanted is not None and found != wanted:
                return f"{name} is {found}, not {wanted}"
        problem = "" if "voiceCall" in report else look_of_times(report)
        if problem:
            return problem
    return ""


def _where(judged: Judged, call: Call) -> str:
    parts = urlsplit(str(call.item.get("notifyUrl")))
    wanted = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return "" if judged.request.target == wanted else f"it went to {judged.request.target}, not to {wanted}"


PUSH: Final = (
    Rule("push.arrives", "push", "A report is pushed to the notifyUrl of its message.",
         _LAUNCHES, _arrives, ("report", "push")),
    Rule("push.url", "push", "A push goes to the notifyUrl of its message, letter by letter.",
         _LAUNCHES, _each_push(_where), ("report", "push")),
    Rule("push.form", "push", "A push is a POST in the notifyContentType, JSON without one.",
         _LAUNCHES, _each_push(_as_asked), ("report", "push")),
    Rule("push.one", "push", "A push has one report.", ("assumption",), _each_push(_one_report), ("report", "push")),
    Rule("push.flat", "push", "In version 1, a pushed report is flat, as the report answer (R17, R19).",
         ("ivr-2017", "ivr-2019", "ctc", "platform-2026"), _each_push(_flat, when=lambda call: _version(call) == 1),
         ("report", "push")),
    Rule("push.nested", "push", "In version 2, a pushed report is nested, with voiceCall (R17, R19).",
         ("platform-2026",), _each_push(_nested, when=lambda call: _version(call) == 2), ("report", "push")),
    Rule("push.callback-data", "push", "A push echoes callbackData, and has none if none was sent.",
         ("ivr-2017", "ivr-2019"), _each_push(_echoes_data), ("report", "push")),
    Rule("push.not-fetched", "push", "What is pushed is not fetched too (R14).",
         ("assumption",), _not_pulled, ("report", "push")),
    Rule("push.once", "push", "A push that was answered with a 2xx is not repeated.",
         ("assumption",), _pushed_once, ("report", "push")),
    Rule("push.values", "push", "A pushed report has the number and the bulkId of its call, and times as if fetched.",
         _LAUNCHES, _each_push(_like_a_fetched_one), ("report", "push")),
    Rule("push.again", "push", "A push that is answered 503 is repeated after a minute.",
         ("sibling",), _pushed_again, ("report", "push", "patience")),
)  # fmt: skip
