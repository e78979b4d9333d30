"""One run against one server: preflight, scripts, conversations, generated requests, settlement."""

import json
import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from infobip_voice_contract.clock import Clock
from infobip_voice_contract.contract import Contract
from infobip_voice_contract.conversations import conversations, played
from infobip_voice_contract.driver import Driver, OutOfTime
from infobip_voice_contract.exchange import Transport
from infobip_voice_contract.grid import Grid, grid
from infobip_voice_contract.history import History
from infobip_voice_contract.journal import Facts, Journal, Recording
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.preflight import Impossible, preflight
from infobip_voice_contract.replay import PREFIX, replayed
from infobip_voice_contract.safety import Guard, Numbers, Rate
from infobip_voice_contract.scripts import SCRIPTS
from infobip_voice_contract.settings import Settings
from infobip_voice_contract.settlement import settle
from infobip_voice_contract.sink import Sink
from infobip_voice_contract.stage import Stage
from infobip_voice_contract.verdicts import Judgement, exit_code, judge, open_groups, totals

__all__ = ["Progress", "Result", "judged_recording", "run"]


@dataclass
class Result:
    """What a run gave.

    Attributes:
        facts: What it found out about the server.
        history: What happened.
        judgements: What became of every rule.
        code: The exit code.
        complaint: Why nothing could be judged; empty if something could.
        required: The groups that may not be inconclusive.
    """

    facts: Facts
    history: History
    judgements: list[Judgement]
    code: int
    complaint: str = ""
    required: frozenset[str] = frozenset()

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        broken = totals(self.judgements)["fail"]
        if self.complaint:
            return f"Nothing to judge: {self.complaint}."
        if broken:
            text = "1 rule is broken." if broken == 1 else f"{broken} rules are broken."
            failing = sum(each.verdict == "fail" and each.by_faults for each in self.judgements)
            return f"{text} {failing} of them by answers of 5xx alone: mend those first." if failing > 1 else text
        if self.code == 2:
            return "Nothing could be judged."
        groups = open_groups(self.judgements, self.required)
        if groups:
            return f"A required group is open: {', '.join(groups)}."
        known = totals(self.judgements)["known"]
        but = f", but for {known} known deviation{'s' if known > 1 else ''}" if known else ""
        return f"All rules that could be observed hold{but}."

    @cached_property
    def places(self) -> Grid:
        """Where every rule that has a verdict was looked at."""
        judged = ("pass", "fail", "warn", "known")
        return grid([each.rule for each in self.judgements if each.verdict in judged], self.history)


Progress = Callable[[str, int, int], None]
"""Is told what is under way, how much of it is done, and how much there is."""


def run(
    settings: Settings,
    transport: Transport,
    numbers: Numbers,
    clock: Clock,
    journal: Journal,
    *,
    sink: Sink | None = None,
    progress: Progress = lambda _what, _done, _all: None,
    run_id: str | None = None,
) -> Result:
    """Test a server, and judge what happened.

    Args:
        settings: How the run goes.
        transport: Reaches the server.
        numbers: Numbers to dial.
        clock: Tells the time, and waits.
        journal: Takes every exchange.
        sink: Receives pushes; None if the server cannot reach this machine.
        progress: Is told what is under way.
        run_id: The id that is in every id; random by default.
    """
    contract = Contract(settings.edition)
    facts = Facts(
        settings.edition, settings.base_url, run_id or secrets.token_hex(4), settings.seed, settings.profile,
        shared=settings.shared,
    )  # fmt: skip
    journal.begin(facts)
    history = History(contract, shared=settings.shared)
    patient = settings.profile == "full"
    stage = Stage(
        facts.run, contract, numbers, sink=sink.url if sink is not None else "", shared=settings.shared,
        patient=patient,
        placeholders=settings.placeholders, clock=clock,
    )  # fmt: skip
    _note_abilities(facts, numbers, patient=patient, sink=sink)
    deadline = clock.now() + settings.deadline if settings.deadline is not None else None
    guard, rate = Guard(numbers, destructive=settings.destructive), Rate(settings.rate)
    watch = _Watch(history, stage, facts, settings.foreign)
    driver = Driver(
        transport, journal, history, clock, guard, rate, deadline=deadline, watch=watch, pushes=sink
    )  # fmt: skip
    try:
        preflight(driver, stage, facts, destructive=settings.destructive, report_within=settings.report_within)
        if settings.shared:
            facts.skipped["complete"] = ("inconclusive", "others use the account, and may take reports")
        _play(driver, stage, facts, settings, progress)
        if settings.destructive:
            _invent(driver, stage, facts, settings, progress)
        settle(driver, stage, facts)
    except Impossible as impossible:
        facts.complaint = str(impossible)
    except OutOfTime:
        facts.notes.append(f"the deadline of {settings.deadline:g} s ended the run: what was not seen by then is open")
        for need in ("report", "complete"):
            facts.skipped.setdefault(need, ("inconclusive", "the deadline ended the run"))
    driver.absorb()
    facts.complaint = facts.complaint or _complaint(history, destructive=settings.destructive)
    journal.end(facts)
    judgements = judge(history, facts.skipped, settings.raised)
    if not facts.complaint and settings.destructive:
        invented = conversations(settings.seed, settings.extent.conversations)

        def again(fresh: History) -> Driver:
            return Driver(transport, Journal(), fresh, clock, guard, rate, deadline=deadline)

        with suppress(OutOfTime):
            judgements = replayed(judgements, history, invented, stage, again)
    return _result(facts, history, judgements, settings.required)


def _play(driver: Driver, stage: Stage, facts: Facts, settings: Settings, progress: Progress) -> None:
    scripts = [
        script
        for script in SCRIPTS
        if settings.edition in script.editions and not facts.skipped.keys() & set(script.needs) and script.ready(stage)
    ]
    done = 0

    def count(_: str) -> None:
        nonlocal done
        done += 1
        progress("scripts", done, len(scripts))

    progress("scripts", 0, len(scripts))
    facts.notes += driver.play([(script.name, script.flow(stage)) for script in scripts], done=count)


def _invent(driver: Driver, stage: Stage, facts: Facts, settings: Settings, progress: Progress) -> None:
    """Play what is random: its extent depends on the profile, never on the clock."""
    # schemathesis takes most of the time of an import, and only what launches needs it.
    from infobip_voice_contract.generated import send_generated

    extent = settings.extent
    progress("conversations", 0, extent.conversations)
    invented = conversations(settings.seed, extent.conversations)
    facts.notes += driver.play(
        (f"{PREFIX}{index}", played(each)(stage)) for index, each in enumerate(invented, start=1)
    )
    progress("generated requests", 0, extent.examples)
    harmful = send_generated(driver, facts.run, settings.seed, extent.examples) if extent.examples else 0
    if harmful:
        facts.notes.append(f"{harmful} generated requests were not sent, because they might do harm")


def _note_abilities(facts: Facts, numbers: Numbers, *, patient: bool, sink: Sink | None) -> None:
    if not patient:
        facts.skipped["patience"] = ("not observable here", "it takes minutes; give --profile full")
    if sink is None:
        facts.skipped["push"] = ("not observable here", "the server cannot reach a receiver on this machine")
    if not numbers.knows("busy"):
        facts.skipped["outcomes"] = ("not observable here", "no number is known to be busy; give --numbers")


class _Watch:
    """Looks at every exchange for reports of others, and saves them: they exist nowhere else."""

    def __init__(self, history: History, stage: Stage, facts: Facts, file: Path | None) -> None:
        self._history = history
        self._stage = stage
        self._facts = facts
        self._file = file
        self._seen = 0

    def __call__(self, _: Judged) -> None:
        """Save the foreign reports that have come since."""
        for read, report in self._history.foreign[self._seen :]:
            if not self._stage.foreign:
                self._stage.foreign = True
                self._facts.skipped["complete"] = (
                    "inconclusive",
                    f"exchange {read.number} handed out a report of others",
                )
            if self._file is not None:
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(report, ensure_ascii=False, default=str) + "\n")
        self._seen = len(self._history.foreign)


def _complaint(history: History, *, destructive: bool) -> str:
    """Return why hardly anything could be judged; empty if a call was accepted or none launched."""
    answered = [judged for judged in history.exchanges if judged.exchange.direction == "out" and judged.answer]
    if not answered:
        return "no request was answered, unless with 429"
    launches = [judged for judged in answered if judged.operation in ("ivr", "ctc") and judged.demand.is_valid]
    if history.calls or not (destructive or launches):
        return ""
    if not launches:
        return "no launch was answered, so that hardly anything could be judged"
    if all(judged.status != 200 for judged in launches):
        statuses = sorted({str(judged.status) for judged in launches})
        return f"no launch was accepted (answered {', '.join(statuses)}), so that hardly anything could be judged"
    return "no answer to a launch names an accepted call, so that hardly anything could be judged"


def _result(facts: Facts, history: History, judgements: list[Judgement], required: Collection[str]) -> Result:
    code = 2 if facts.complaint else exit_code(judgements, required)
    return Result(facts, history, judgements, code, facts.complaint, frozenset(required))


def judged_recording(recording: Recording, raised: Collection[str] = (), required: Collection[str] = ()) -> Result:
    """Return what the rules say about recorded traffic."""
    facts = recording.facts
    history = History.of(recording.exchanges, Contract(facts.edition), delay=facts.delay, shared=facts.shared)
    return _result(facts, history, judge(history, facts.skipped, frozenset(raised)), required)
