"""What the rules say about a history, and what follows from it."""

import dataclasses
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from infobip_voice_contract.history import History
from infobip_voice_contract.rules import RULES
from infobip_voice_contract.rules.rule import SOFT, Finding, Rule, Verdict

__all__ = ["VERDICTS", "Judgement", "exit_code", "judge", "open_groups", "report", "totals"]

MAX_EVIDENCE: Final = 20
VERDICTS: Final[tuple[Verdict, ...]] = ("pass", "fail", "warn", "known", "inconclusive", "not observable here")
_JUDGED: Final = ("pass", "fail", "warn", "known")
_UNSEEN: Final = "nothing in this run showed it"


@dataclass(frozen=True)
class Replay:
    """What is left of a conversation that broke a rule.

    Attributes:
        steps: Its steps in words.
        history: What happened when they were played; None if the rule was not broken again.
        reproduced: Whether the rule was broken again.
    """

    steps: tuple[str, ...]
    history: History | None
    reproduced: bool


@dataclass(frozen=True)
class Judgement:
    """What became of one rule.

    Attributes:
        rule: The rule.
        verdict: What became of it.
        findings: The findings that broke it; else a few that show that it holds.
        broken: How many findings broke it.
        reason: Why nothing can be said.
        replay: What is left of the conversation that broke it, if one did.
        baseline: What a baseline says about it; empty if nothing.
        by_faults: Whether every finding that broke it has an answer of 5xx: one fault of the server
            may be the cause of all such rules.
    """

    rule: Rule
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    broken: int = 0
    reason: str = ""
    replay: Replay | None = None
    baseline: str = ""
    by_faults: bool = False

    def with_replay(self, replay: Replay) -> "Judgement":
        """Return the same with a replay."""
        return dataclasses.replace(self, replay=replay)


def judge(
    history: History,
    skipped: Mapping[str, tuple[str, str]],
    raised: Collection[str] = (),
    rules: Collection[Rule] = RULES,
) -> list[Judgement]:
    """Return what becomes of every rule of the edition.

    Args:
        history: What happened.
        skipped: For each ability that was lacking, the verdict of the rules that need it, and why.
        raised: Ids, groups and sources of rules whose breach counts as a failure.
        rules: The rules.
    """
    return [_judge(rule, history, skipped, raised) for rule in rules if history.contract.edition in rule.editions]


def _judge(rule: Rule, history: History, skipped: Mapping[str, tuple[str, str]], raised: Collection[str]) -> Judgement:
    unable = next(
        (skipped[need] for need in rule.needs if need in skipped and need not in ("report", "complete")), None
    )
    if unable is not None:
        return Judgement(rule, _verdict(unable[0]), (), 0, unable[1])
    findings = list(rule.check(history))
    broken = [finding for finding in findings if finding.problem]
    if broken:
        verdict: Verdict = "fail" if is_raised(rule, raised) else rule.severity
        faults = {judged.number for judged in history.exchanges if (judged.status or 0) >= 500}
        by_faults = not any(faults.isdisjoint(finding.exchanges) for finding in broken)
        return Judgement(rule, verdict, tuple(broken[:MAX_EVIDENCE]), len(broken), by_faults=by_faults)
    lacking = next((skipped[need] for need in rule.needs if need in skipped), None)
    if lacking is not None:
        return Judgement(rule, _verdict(lacking[0]), (), 0, lacking[1])
    if not findings:
        return Judgement(rule, "not observable here", (), 0, _UNSEEN)
    return Judgement(rule, "pass", tuple(findings[:3]))


def _verdict(name: str) -> Verdict:
    return "inconclusive" if name == "inconclusive" else "not observable here"


def is_raised(rule: Rule, raised: Collection[str]) -> bool:
    """Return whether a person asked that breaking a rule counts as a failure."""
    names = {rule.id, rule.group, *(source for source in rule.source if source in SOFT)}
    return not names.isdisjoint(raised)


def totals(judgements: Collection[Judgement]) -> dict[str, int]:
    """Return how many rules have each verdict."""
    counted = Counter(judgement.verdict for judgement in judgements)
    return {verdict: counted[verdict] for verdict in VERDICTS}


def open_groups(judgements: Collection[Judgement], required: Collection[str]) -> list[str]:
    """Return the required groups of which a rule is inconclusive, or none was judged."""
    found: list[str] = []
    for group in sorted(required):
        verdicts = [judgement.verdict for judgement in judgements if judgement.rule.group == group]
        if "inconclusive" in verdicts or not set(verdicts) & set(_JUDGED):
            found.append(group)
    return found


def exit_code(judgements: Collection[Judgement], required: Collection[str] = ()) -> int:
    """Return 0 if all rules hold, 1 if some fail, 2 if nothing could be judged.

    Args:
        judgements: What became of the rules.
        required: Groups whose rules may not be inconclusive.
    """
    counted = totals(judgements)
    if not any(counted[verdict] for verdict in _JUDGED):
        return 2
    return 1 if counted["fail"] or open_groups(judgements, required) else 0


def report(judgements: Collection[Judgement], history: History) -> dict[str, Any]:
    """Return the result as a JSON value."""
    return {
        "rules": [
            {
                "id": each.rule.id,
                "group": each.rule.group,
                "verdict": each.verdict,
                "severity": each.rule.severity,
                "source": list(each.rule.source),
                "sentence": each.rule.sentence,
                "evidence": [
                    {"exchanges": list(finding.exchanges), "problem": finding.problem} for finding in each.findings
                ],
                "broken": each.broken,
                "reason": each.reason,
                "baseline": each.baseline,
                "steps": list(each.replay.steps) if each.replay else [],
                "reproduced": each.replay.reproduced if each.replay else None,
            }
            for each in judgements
        ],
        "totals": {**totals(judgements), "exchanges": len(history.exchanges)},
    }
