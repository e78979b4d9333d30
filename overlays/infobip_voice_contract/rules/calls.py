"""Rules about what a launch is told, and what becomes of its calls: ids, values, time, pushes."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from infobip_voice_contract.history import Call, History, Judged, members, moment, text
from infobip_voice_contract.rules.looks import accepted, both, launches, says, succeeds, valid
from infobip_voice_contract.rules.rule import Check, Finding, Rule, each, fails, holds
from infobip_voice_wire import codes, documents, media_types

__all__ = ["CTC", "IDS", "PUSH", "SCHEDULE", "VALUES"]

_LAUNCHES: Final = ("ivr-2017", "ivr-2019", "ctc")
_REPORT_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
_SKEW: Final = 2.0  # seconds that two clocks may differ where a rule compares them

Told = Callable[[Judged], str]


def _launched(then: Told, *, when: Callable[[Judged], bool] = launches) -> Check:
    return each(both(valid(), launches, accepted, when), then)


def _supplied(judged: Judged) -> str | None:
    return text(members(judged.demand.value).get("bulkId"))


def _echoes_bulk(judged: Judged) -> str:
    found, supplied = judged.value.get("bulkId"), _supplied(judged)
    return "" if found == supplied else f"bulkId is {found}, not {supplied}"


def _echoes_messages(judged: Judged) -> str:
    found = {text(entry.get("messageId")) for entry in judged.entries}
    missing = [wanted.message_id for wanted in judged.wanted if wanted.message_id and wanted.message_id not in found]
    return f"the answer does not have {', '.join(missing[:3])}" if missing else ""


def _one_each(judged: Judged) -> str:
    found, wanted = len(judged.entries), len(judged.wanted)
    return "" if found == wanted else f"{found} entries for {wanted} calls"


def _same_order(judged: Judged) -> str:
    found = [text(entry.get("to")) for entry in judged.entries]
    return "" if found == [wanted.to for wanted in judged.wanted] else "the entries are in another order"


def _same_numbers(judged: Judged) -> str:
    found = sorted(str(entry.get("to")) for entry in judged.entries)
    return "" if found == sorted(str(wanted.to) for wanted in judged.wanted) else "the entries name other numbers"


def _makes_ids(judged: Judged) -> str:
    found = [entry.get("messageId") for entry in judged.entries]
    return "" if all(isinstance(each, str) and each for each in found) else "an entry has no messageId"


def _unique(history: History) -> Iterator[Finding]:
    made: dict[str, Judged] = {}
    for judged in history.exchanges:
        if not launches(judged) or len(judged.entries) != len(judged.wanted):
            continue
        for wanted, entry in zip(judged.wanted, judged.entries, strict=True):
            message_id = text(entry.get("messageId"))
            if wanted.message_id is None and message_id:
                before = made.get(message_id)
                made[message_id] = judged
                yield fails(f"{message_id} was made twice", before, judged) if before else holds(judged)


def _status(entry: dict[str, Any]) -> dict[str, Any]:
    return members(entry.get("status"))


def _repeats(history: History) -> Iterator[tuple[Judged, dict[str, Any], bool, str]]:
    """Return every entry whose messageId was supplied before, and whether in the same request."""
    seen: dict[str, Judged] = {}
    for judged in history.exchanges:
        if not launches(judged) or not judged.demand.is_valid or len(judged.entries) != len(judged.wanted):
            continue
        for wanted, entry in zip(judged.wanted, judged.entries, strict=True):
            if wanted.message_id is None:
                continue
            before = seen.get(wanted.message_id)
            if before is not None and (before is judged or before.exchange.ended < judged.exchange.started):
                yield judged, entry, before is judged, wanted.message_id
            if _status(entry).get("groupId") != 5:
                seen[wanted.message_id] = judged


def _duplicate(*, same: bool) -> Check:
    def check(history: History) -> Iterator[Finding]:
        for judged, entry, in_same, message_id in _repeats(history):
            if in_same is same:
                code = _status(entry).get("id")
                yield holds(judged) if code == 23 else fails(f"{message_id} again has status {code}, not 23", judged)

    return check


def _of_own(then: Callable[[dict[str, Any], Call], str], *, when: Callable[[Call], bool] = bool) -> Check:
    """Return the check that looks at every fetched report of our calls."""

    def check(history: History) -> Iterator[Finding]:
        for judged, report, call in history.own_reports:
            if when(call):
                problem = then(report, call)
                yield fails(problem, call.launch, judged) if problem else holds(call.launch, judged)

    return check


def _member(name: str, expected: Callable[[Call], str | None]) -> Callable[[dict[str, Any], Call], str]:
    def then(report: dict[str, Any], call: Call) -> str:
        found, wanted = report.get(name), expected(call)
        # Any member may be missing or null on a real server.
        return "" if found is None or wanted is None or found == wanted else f"{name} is {found}, not {wanted}"

    return then


def _phantoms(history: History) -> Iterator[Finding]:
    """A report of one of our launches has one of its message ids."""
    bulks = {call.bulk_id for call in history.calls.values() if call.bulk_id}
    for judged in history.reads:
        for report in judged.reports:
            bulk_id, message_id = text(report.get("bulkId")), text(report.get("messageId"))
            if bulk_id in bulks and message_id is not None:
                known = message_id in history.calls or message_id in history.rejected
                yield holds(judged) if known else fails(f"{message_id} was never launched", judged)


def _fine_status(judged: Judged) -> str:
    for entry in judged.entries:
        status = _status(entry)
        if status.get("groupId") == 1 and (status.get("id"), status.get("groupName")) != (26, "PENDING"):
            return f"an accepted call has status {status.get('id')} {status.get('groupName')}, not 26 PENDING"
        if status.get("groupId") not in (1, 5):
            return f"an entry has a status of group {status.get('groupId')}"
    return ""


def _code_names(kind: str) -> Check:
    table = codes.STATUSES if kind == "status" else codes.ERRORS
    names: dict[int, set[str]] = {}
    for code in table:
        names.setdefault(code.id, set()).add(code.name)

    def then(report: dict[str, Any], _: Call) -> str:
        found = members(report.get(kind))
        known = names.get(found.get("id", -1))
        # The codes are open: only one that is known under other names is suspicious.
        return f"{kind} {found.get('id')} is called {found.get('name')}" if known and found.get("name") not in {*known, None} else ""

    return _of_own(then)


def _times(report: dict[str, Any], _: Call) -> str:
    for name in ("sentAt", "doneAt"):
        value = report.get(name)
        if value is not None and not (isinstance(value, str) and _REPORT_TIME.fullmatch(value)):
            return f"{name} is {value}, not such as 2015-02-12T09:58:20.323+0100"
    return ""


def _time_order(report: dict[str, Any], _: Call) -> str:
    sent, done = moment(report.get("sentAt")), moment(report.get("doneAt"))
    return "doneAt is before sentAt" if sent and done and done < sent else ""


def _duration(report: dict[str, Any], _: Call) -> str:
    value = report.get("duration")
    return f"duration is {value}" if isinstance(value, int) and value < 0 else ""


def _final(report: dict[str, Any], _: Call) -> str:
    group = members(report.get("status")).get("groupId")
    return "the status of a report is PENDING" if group == 1 else ""


def _numbering(lowest: int, highest: int) -> Callable[[dict[str, Any], Call], str]:
    def then(report: dict[str, Any], _: Call) -> str:
        number = members(report.get("error")).get("id")
        fits = not isinstance(number, int) or number == 0 or not 5000 <= number < 20000 or lowest <= number <= highest
        return "" if fits else f"the error is {number}"

    return then


def _recorded(call: Call) -> bool:
    return call.wanted is not None and call.wanted.item.get("record") in (True, "true")


def _has_recording(report: dict[str, Any], _: Call) -> str:
    answered = members(report.get("error")).get("groupId") == 0
    return "" if not answered or report.get("recordedAudioFileUrl") else "there is no recordedAudioFileUrl"


def _item(call: Call) -> dict[str, Any]:
    return call.wanted.item if call.wanted is not None else {}


def _later(call: Call) -> bool:
    at = moment(_item(call).get("sendAt"))
    return at is not None and at.timestamp() > call.launch.exchange.ended


def _not_before(history: History) -> Iterator[Finding]:
    for judged, report, call in history.own_reports:
        if _later(call):
            at = moment(_item(call).get("sendAt"))
            sent = moment(report.get("sentAt"))
            early = at is not None and sent is not None and (at - sent).total_seconds() > _SKEW
            yield fails("the call was made before sendAt", call.launch, judged) if early else holds(call.launch, judged)
    for judged in history.reads:
        for report in judged.reports:
            call = history.calls.get(text(report.get("messageId")) or "")
            at = moment(_item(call).get("sendAt")) if call is not None and _later(call) else None
            if call is not None and at is not None and judged.exchange.ended < at.timestamp() - _SKEW:
                yield fails("the report came before sendAt", call.launch, judged)


def _past_is_now(report: dict[str, Any], call: Call) -> str:
    sent = moment(report.get("sentAt"))
    launched = datetime.fromtimestamp(call.launch.exchange.started, UTC)
    return "sentAt is before the launch" if sent and (launched - sent).total_seconds() > 60 else ""


def _is_past(call: Call) -> bool:
    at = moment(_item(call).get("sendAt")) if _item(call).get("sendAt") else None
    return at is not None and at.timestamp() < call.launch.exchange.started - 120


def _paced(history: History) -> Iterator[Finding]:
    sent: dict[tuple[int, int], dict[int, datetime]] = {}
    speeds: dict[tuple[int, int], tuple[float, Judged]] = {}
    for _, report, call in history.own_reports:
        speed = members(_item(call).get("sendingSpeed"))
        at = moment(report.get("sentAt"))
        if speed.get("timeUnit") == "second" and call.wanted is not None and at is not None:
            key = call.launch.number, id(call.wanted.item)
            sent.setdefault(key, {})[call.wanted.position] = at
            speeds[key] = 1 / float(speed.get("speed") or 1), call.launch
    for key, times in sent.items():
        gap, launch = speeds[key]
        for position, at in times.items():
            first = times.get(0)
            if position and first is not None:
                waited = (at - first).total_seconds()
                wrong = abs(waited - gap * position) > max(0.5, gap * 0.2)
                yield fails(f"call {position} was made {waited:g} s after the first, not {gap * position:g}", launch) if wrong else holds(launch)


def _redialled(history: History) -> Iterator[Finding]:
    """A call that fails is repeated while its validity lasts: doneAt tells how long that was."""
    for judged, report, call in history.own_reports:
        retry, validity = members(_item(call).get("retry")), _item(call).get("validityPeriod")
        sent, done = moment(report.get("sentAt")), moment(report.get("doneAt"))
        failed = members(report.get("error")).get("groupId") not in (0, None)
        if retry.get("minPeriod") == retry.get("maxPeriod") == retry.get("maxCount") == 1 and sent and done and failed:
            waited = (done - sent).total_seconds()
            expected = 60.0
            ending = "validity ended" if validity == 1 else "one redial"
            wrong = waited < expected - _SKEW
            yield fails(f"done after {waited:g} s, before {ending}", call.launch, judged) if wrong else holds(call.launch, judged)


def _shut(history: History) -> Iterator[Finding]:
    """A call whose delivery time window is shut has no report until it opens."""
    for call in history.calls.values():
        window = members(_item(call).get("deliveryTimeWindow"))
        if window and _opens_in_hours(window, call.launch.exchange.started):
            reads = history.handed.get(call.message_id, [])
            yield fails("the call was made outside its window", call.launch, *reads) if reads else holds(call.launch)


def _opens_in_hours(window: dict[str, Any], now: float) -> bool:
    opens, shuts = members(window.get("from")), members(window.get("to"))
    if not opens or not shuts:
        return False
    minute = datetime.fromtimestamp(now, UTC).hour * 60 + datetime.fromtimestamp(now, UTC).minute
    begin = opens.get("hour", 0) * 60 + opens.get("minute", 0)
    return (begin - minute) % 1440 > 60 and (begin - minute) % 1440 < 1380


def _each_push(then: Callable[[Judged, Call], str], *, when: Callable[[Call], bool] = bool) -> Check:
    """Return the check that looks at every push of one of our calls."""

    def check(history: History) -> Iterator[Finding]:
        for judged in history.pushes:
            for report in judged.reports:
                call = history.calls.get(_pushed_id(report))
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
    wanted = text(_item(call).get("notifyContentType")) or media_types.JSON
    fields = judged.request.fields("content-type")
    found = media_types.parse(fields[0]) if fields else None
    if judged.request.method != "POST":
        return f"the method is {judged.request.method}"
    return "" if found is not None and found.essence == wanted else f"the Content-Type is {', '.join(fields)}, not {wanted}"


def _one_report(judged: Judged, _: Call) -> str:
    return "" if len(judged.reports) == 1 else f"a push has {len(judged.reports)} reports"


def _flat(judged: Judged, _: Call) -> str:
    return "the report is nested" if any("voiceCall" in report for report in judged.reports) else _readable(judged)


def _nested(judged: Judged, _: Call) -> str:
    return "" if all("voiceCall" in report for report in judged.reports) else "the report is flat"


def _readable(judged: Judged) -> str:
    problems = judged.document.problems if judged.document is not None else ()
    return "; ".join(problem.text for problem in problems if problem.kind in ("malformed", "root", "charset", "schema"))


def _version(call: Call) -> int:
    version = _item(call).get("notifyContentVersion")
    return version if isinstance(version, int) else 2 if call.launch.edition == "2026" else 1


def _echoes_data(judged: Judged, call: Call) -> str:
    wanted = _item(call).get("callbackData")
    found = [report.get("callbackData") for report in judged.reports]
    return "" if found == [wanted] else "callbackData is not what was sent" if wanted else "callbackData was made up"


def _not_pulled(history: History) -> Iterator[Finding]:
    pushed = {_pushed_id(report) for judged in history.pushes for report in judged.reports}
    for message_id in pushed & history.calls.keys():
        call = history.calls[message_id]
        reads = history.handed.get(message_id, [])
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


IDS: Final = (
    Rule("ids.bulk", "ids", "A bulkId that was supplied is echoed (R4).",
         _LAUNCHES, _launched(_echoes_bulk, when=lambda judged: _supplied(judged) is not None), ("launch",)),
    Rule("ids.bulk-made", "ids", "Without one, a bulkId is made if the answer has several entries (R4).",
         ("assumption",),
         _launched(lambda judged: "" if judged.value.get("bulkId") else "there is no bulkId",
                   when=lambda judged: _supplied(judged) is None and len(judged.wanted) > 1), ("launch",)),
    Rule("ids.bulk-omitted", "ids", "Without one, there is no bulkId if the answer has one entry (R4).",
         ("assumption",),
         _launched(lambda judged: "there is a bulkId" if judged.value.get("bulkId") is not None else "",
                   when=lambda judged: _supplied(judged) is None and len(judged.wanted) == 1), ("launch",)),
    Rule("ids.message", "ids", "A messageId that was supplied is echoed (R5).",
         ("ivr-2019", "ctc", "platform-2026"),
         _launched(_echoes_messages, when=lambda judged: any(wanted.message_id for wanted in judged.wanted)), ("launch",)),
    Rule("ids.message-made", "ids", "Every entry has a messageId; one is made where none was supplied (R5).",
         _LAUNCHES, _launched(_makes_ids), ("launch",)),
    Rule("ids.unique", "ids", "No messageId is made twice (R5).", _LAUNCHES, _unique, ("launch",)),
    Rule("ids.entries", "ids", "The answer has one entry for each call.",
         ("platform-2026",), _launched(_one_each), ("launch",)),
    Rule("ids.numbers", "ids", "The entries name the numbers that were to be called.",
         _LAUNCHES, _launched(_same_numbers), ("launch",)),
    Rule("ids.order", "ids", "The entries are in the order of the request.",
         ("assumption",), _launched(_same_order), ("launch",)),
    Rule("ids.twice", "ids", "A messageId twice in one request: the later one is rejected with status 23 (R5).",
         ("platform-2026",), _duplicate(same=True), ("launch",)),
    Rule("ids.known", "ids", "A messageId that the account has used is rejected with status 23 (R5).",
         ("platform-2026",), _duplicate(same=False), ("launch",)),
    Rule("ids.report-bulk", "ids", "A report has the bulkId of its launch.",
         ("reports",), _of_own(_member("bulkId", lambda call: call.bulk_id)), ("report",)),
    Rule("ids.report-number", "ids", "A report has the number that was called.",
         ("reports",), _of_own(_member("to", lambda call: call.wanted.to if call.wanted else None)), ("report",)),
    Rule("ids.no-phantom", "ids", "A report of a launch belongs to one of its messages.",
         ("reports",), _phantoms, ("report",)),
)  # fmt: skip

VALUES: Final = (
    Rule("values.accepted", "values", "An accepted call has status 26 in group 1 PENDING; a rejected one is in group 5.",
         _LAUNCHES, _launched(_fine_status), ("launch",)),
    Rule("values.times", "values", "The times of reports look like 2015-02-12T09:58:20.323+0100, without a colon (R1).",
         ("reports",), _of_own(_times), ("report",)),
    Rule("values.time-order", "values", "A call is not done before it was sent.",
         ("assumption",), _of_own(_time_order), ("report",)),
    Rule("values.duration", "values", "A duration is not negative.", ("reports",), _of_own(_duration), ("report",)),
    Rule("values.final", "values", "The status of a report is not PENDING.", ("reports",), _of_own(_final), ("report",)),
    Rule("values.status-names", "values", "A known status has its known name.",
         ("platform-2026",), _code_names("status"), ("report",)),
    Rule("values.error-names", "values", "A known error has its known name.",
         ("platform-2026",), _code_names("error"), ("report",)),
    Rule("values.errors", "values", "Voice errors are numbered from 5000.",
         ("reports",), _of_own(_numbering(5000, 5999)), ("report",), ("seeds",)),
    Rule("values.errors-2026", "values", "Voice errors are numbered from 10000.",
         ("platform-2026",), _of_own(_numbering(10000, 19999)), ("report",), ("2026",)),
    Rule("values.recording", "values", "The report of an answered call with record has recordedAudioFileUrl.",
         ("ivr-2017", "ctc"), _of_own(_has_recording, when=_recorded), ("report", "outcomes")),
)  # fmt: skip

SCHEDULE: Final = (
    Rule("time.send-at", "schedule", "No call is made before sendAt.", ("ivr-2017", "ivr-2019"), _not_before, ("report",)),
    Rule("time.past", "schedule", "A sendAt in the past means now, not then.",
         ("ivr-2017", "ivr-2019"), _of_own(_past_is_now, when=_is_past), ("report",)),
    Rule("time.pace", "schedule", "With sendingSpeed the first call is made at once, and then one every unit / speed.",
         ("ivr-2017", "ivr-2019"), _paced, ("report",)),
    Rule("time.redial", "schedule", "A call that fails is repeated after minPeriod, while its validity lasts.",
         _LAUNCHES, _redialled, ("report", "patience", "outcomes")),
    Rule("time.window", "schedule", "Outside its delivery time window no call is made (R20).",
         ("platform-2026",), _shut, ("report",)),
)  # fmt: skip

PUSH: Final = (
    Rule("push.arrives", "push", "A report is pushed to the notifyUrl of its message.",
         _LAUNCHES, _arrives, ("report", "push")),
    Rule("push.form", "push", "A push is a POST in the notifyContentType, JSON without one.",
         _LAUNCHES, _each_push(_as_asked), ("report", "push")),
    Rule("push.one", "push", "A push has one report.", ("assumption",), _each_push(_one_report), ("report", "push")),
    Rule("push.flat", "push", "In version 1, a pushed report is flat, as the report answer (R17, R19).",
         ("ivr-2017", "ivr-2019", "ctc", "platform-2026"), _each_push(_flat, when=lambda call: _version(call) == 1), ("report", "push")),
    Rule("push.nested", "push", "In version 2, a pushed report is nested, with voiceCall (R17, R19).",
         ("platform-2026",), _each_push(_nested, when=lambda call: _version(call) == 2), ("report", "push")),
    Rule("push.callback-data", "push", "A push echoes callbackData, and has none if none was sent.",
         ("ivr-2017", "ivr-2019"), _each_push(_echoes_data), ("report", "push")),
    Rule("push.not-fetched", "push", "What is pushed is not fetched too (R14).",
         ("assumption",), _not_pulled, ("report", "push")),
    Rule("push.again", "push", "A push that is answered 503 is repeated after a minute.",
         ("sibling",), _pushed_again, ("report", "push", "patience")),
)  # fmt: skip

_is_ctc: Final = lambda judged: judged.operation == "ctc"  # noqa: E731
CTC: Final = (
    Rule("ctc.entry", "ctc", "A click to call has one entry, whose number is that of A.",
         ("ctc",), _launched(lambda judged: _one_each(judged) or _same_numbers(judged), when=_is_ctc), ("launch",)),
    Rule("ctc.report", "ctc", "A click to call has one report, whose number is that of A (R15).",
         ("assumption",),
         _of_own(_member("to", lambda call: call.wanted.to if call.wanted else None),
                 when=lambda call: _is_ctc(call.launch)), ("report",)),
    Rule("ctc.nothing-to-play", "ctc", "A click to call without text and audioFileUrl is accepted.",
         ("assumption",), each(both(_is_ctc, says(lambda item: "text" not in item and "audioFileUrl" not in item)), succeeds),
         ("launch",)),
    Rule("ctc.language", "ctc", "A text without a language is accepted, and means English.",
         ("platform-2026",), each(both(_is_ctc, says(lambda item: "text" in item and "language" not in item)), succeeds),
         ("launch",)),
    Rule("ctc.anonymization", "ctc", "anonymization is accepted, with and without fromB.",
         ("ctc",), each(both(_is_ctc, says(lambda item: "anonymization" in item)), succeeds), ("launch",)),
    Rule("ctc.durations", "ctc", "maxDuration with an earlier warningTime is accepted.",
         ("ctc",), each(both(_is_ctc, says(lambda item: 0 < item.get("warningTime", 0) < item.get("maxDuration", 0))), succeeds),
         ("launch",)),
)  # fmt: skip

_UNUSED = documents
