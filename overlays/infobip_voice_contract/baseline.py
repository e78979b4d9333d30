"""Known deviations: what a server is known to break, why, until when, and where."""

import dataclasses
import difflib
import json
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from infobip_voice_contract.clock import Clock
from infobip_voice_contract.excerpts import printable
from infobip_voice_contract.grid import PLACES, Place
from infobip_voice_contract.judged import items, members
from infobip_voice_contract.rules import RULES
from infobip_voice_contract.run import Result
from infobip_voice_contract.verdicts import Judgement, exit_code

__all__ = ["Baseline", "Deviation", "load", "today"]

DAYS: Final = 90
"""How long a deviation that is written is accepted, unless a person changes its date."""

_MEMBERS: Final = ("rule", "where", "reason", "until")
_HEAD: Final = """\
# Known deviations from the contract: `infobip-voice contract --baseline THIS-FILE`.
# `reason` says why one is accepted. After the day `until` it fails again. In a place that `where`
# does not name it fails at once; without `where` it is accepted everywhere.
"""


@dataclass(frozen=True)
class Deviation:
    """A rule that a server is known to break.

    Attributes:
        rule: The id of the rule.
        reason: Why it is accepted.
        until: The last day on which it is accepted, in UTC.
        where: The places, such as `ivr json`; empty for everywhere.
    """

    rule: str
    reason: str
    until: date
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Baseline:
    """All known deviations of a server."""

    deviations: tuple[Deviation, ...] = ()

    def applied(self, found: Result, day: date) -> Result:
        """Return a result in which known deviations do not count as failures.

        Args:
            found: The result.
            day: Today.
        """
        by_rule = {deviation.rule: deviation for deviation in self.deviations}
        judgements = [
            _applied(by_rule[each.rule.id], each, found.places.get(each.rule.id, {}), day)
            if each.rule.id in by_rule
            else each
            for each in found.judgements
        ]
        code = 2 if found.complaint else exit_code(judgements, found.required)
        return dataclasses.replace(found, judgements=judgements, code=code)

    def renewed(self, found: Result, day: date) -> "Baseline":
        """Return a baseline with what a result breaks.

        Reasons and dates that are there stay. What holds now is left out; what could not be seen
        stays as it is.

        Args:
            found: The result, no baseline applied.
            day: Today.
        """
        known = {deviation.rule: deviation for deviation in self.deviations}
        judged = {judgement.rule.id: judgement for judgement in found.judgements}
        renewed: list[Deviation] = []
        for rule_id in dict.fromkeys(rule.id for rule in RULES):
            before, judgement = known.get(rule_id), judged.get(rule_id)
            is_broken = judgement is not None and judgement.verdict in ("fail", "warn")
            if judgement is not None and (judgement.verdict == "fail" or (is_broken and before)):
                where = () if before and not before.where else tuple(map(str, _broken(found.places[rule_id])))
                new = Deviation(rule_id, "", day + timedelta(DAYS))
                renewed.append(dataclasses.replace(before or new, where=where))
            elif before and (judgement is None or judgement.verdict != "pass"):
                renewed.append(before)
        return Baseline(tuple(renewed))

    def dumps(self) -> str:
        """Return the file."""
        sentences = {rule.id: rule.sentence for rule in RULES}
        parts = [_HEAD]
        for deviation in self.deviations:
            lines = [f"# {sentences[deviation.rule]}", "[[deviation]]", f"rule = {_text(deviation.rule)}"]
            lines += [f"where = [{', '.join(map(_text, deviation.where))}]"] if deviation.where else []
            lines += [f"reason = {_text(deviation.reason)}", f"until = {deviation.until}"]
            parts.append("\n".join(lines) + "\n")
        return "\n".join(parts)


def today(clock: Clock) -> date:
    """Return the day in UTC."""
    return datetime.fromtimestamp(clock.now(), UTC).date()


def load(path: Path, *, explained: bool = True) -> Baseline:
    """Return the baseline in a file.

    Args:
        path: The file.
        explained: Whether every deviation has to have a reason.

    Raises:
        ValueError: it is no baseline; the text says where, and what to do.
        OSError: it cannot be read.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path} is no TOML: {error}") from None
    _only(document, ("deviation",), str(path))
    listed = document.get("deviation", [])
    if not isinstance(listed, list):
        raise ValueError(f"{path}: each deviation begins with [[deviation]]")
    deviations = [_deviation(each, f"{path}: deviation {index}") for index, each in enumerate(items(listed), start=1)]
    names = [deviation.rule for deviation in deviations]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{path}: {name} is there twice")
    bare = [deviation.rule for deviation in deviations if not deviation.reason.strip()]
    if bare and explained:
        raise ValueError(f"{path}: say why in `reason`, for {', '.join(bare)}")
    return Baseline(tuple(deviations))


def _deviation(value: Any, at: str) -> Deviation:
    entry = members(value)
    _only(entry, _MEMBERS, at)
    rule, reason, until, where = (entry.get(name) for name in ("rule", "reason", "until", "where"))
    rules = [known.id for known in RULES]
    if not isinstance(rule, str):
        raise ValueError(f'{at} needs a rule = "…"')
    if rule not in rules:
        raise ValueError(f"{at}: there is no rule {rule}{_nearest(rule, rules)}")
    at = f"{at} ({rule})"
    if not isinstance(reason, str):
        raise ValueError(f'{at} needs a reason = "…"')
    if not isinstance(until, date) or isinstance(until, datetime):
        raise ValueError(f"{at} needs the last day on which it is accepted, without quotes: until = 2027-01-31")
    places = [str(place) for place in PLACES]
    for name in items(where):
        if name not in places:
            raise ValueError(f"{at}: there is no place {name}{_nearest(str(name), places)}")
    if where is not None and not items(where):
        raise ValueError(f'{at}: where has to be a list such as ["ivr json"]')
    return Deviation(rule, reason, until, tuple(map(str, items(where))))


def _only(document: dict[str, Any], known: Collection[str], at: str) -> None:
    for name in document:
        if name not in known:
            raise ValueError(f"{at}: {name} is not known{_nearest(name, known)}")


def _nearest(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.5)
    return f"; do you mean {near[0]}?" if near else ""


def _applied(deviation: Deviation, judgement: Judgement, row: dict[Place, bool], day: date) -> Judgement:
    reason = f"{' '.join(printable(deviation.reason).split()) or 'no reason yet'} (until {deviation.until})"
    broken = list(map(str, _broken(row)))
    accepted = deviation.where or broken
    gone = [str(place) for place, is_broken in row.items() if str(place) in accepted and not is_broken]
    if judgement.verdict == "pass":
        return dataclasses.replace(judgement, baseline=f"no longer deviates; the baseline still has it: {reason}")
    if judgement.verdict not in ("fail", "warn"):
        return judgement
    new = [name for name in broken if name not in accepted]
    if new:
        return dataclasses.replace(
            judgement, baseline=f"the baseline accepts it in {', '.join(accepted)}, but not in {', '.join(new)}"
        )
    if day > deviation.until:
        return dataclasses.replace(judgement, baseline=f"the baseline accepted it no longer than that: {reason}")
    rest = f"; no longer in {', '.join(gone)}" if gone else ""
    return dataclasses.replace(judgement, verdict="known", baseline=f"known: {reason}{rest}")


def _broken(row: dict[Place, bool]) -> list[Place]:
    return [place for place, is_broken in row.items() if is_broken]


def _text(value: str) -> str:
    # A JSON string is a TOML string, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
