"""What becomes of each fault, and of each server that keeps the contract in its own way."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from typing import Any, Final, NamedTuple

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.faults.fault import Deviation, Fault
from infobip_voice_contract.rules import RULES
from infobip_voice_contract.scripts import accepted, bounds, calls, invalid, reading, refusals
from infobip_voice_contract.scripts.script import Script
from infobip_voice_contract.settings import Profile
from strength.kit import Said, kit
from strength.stock import Cases, recorded
from strength.subjects import faults, variants
from strength.witness import seen_alone

__all__ = ["SEEDS", "Pass", "likely", "measured"]

SEEDS: Final = (0, 1, 2, 3, 4)
SEEDS_OF_STOCK: Final = (0,)
"""What stock schemathesis makes with more of them is nearly the same again."""
_GROUPS: Final = {rule.id: rule.group for rule in RULES}


class Pass(NamedTuple):
    """One way to run the kit.

    Attributes:
        name: How the report calls it.
        profile: The profile.
        random: Whether conversations and generated requests are played.
        seeds: The seeds with which it is run.
    """

    name: str
    profile: Profile
    random: bool = False
    seeds: tuple[int, ...] = (0,)


PASSES: Final = (Pass("quick", "quick"), Pass("full", "full"), Pass("random", "quick", random=True, seeds=SEEDS))
"""Each is run only for what the one before it did not settle: what is deterministic, once."""


def measured(names: Iterable[str] = (), *, stock: bool = True) -> dict[str, Any]:
    """Return the report: every fault with its verdict, every variant with what is said of it.

    Args:
        names: The ids to measure; all of them if there are none.
        stock: Whether stock schemathesis is measured, too.
    """
    wanted = frozenset(names)
    # A process each: two cores, and nothing of one server is left for the next.
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        chosen = [name for name in faults() if not wanted or name in wanted]
        others = [name for name in variants() if not wanted or name in wanted]
        if stock:
            _cases()  # made before the processes are, so that both have them
        found = dict(zip(chosen, pool.map(partial(_fault, stock=stock), chosen), strict=True))
        said = dict(zip(others, pool.map(_variant, others), strict=True))
    plain = kit([])
    report: dict[str, Any] = {"faults": found, "variants": said, "requests": plain.requests}
    if stock:
        alarms = sorted(f"{kind} at {operation}" for kind, operation in _cases().false_alarms)
        report["stock"] = {"requests": len(_cases().sent), "falseAlarms": alarms}
    return report


@cache
def _cases() -> Cases:
    return recorded(SEEDS_OF_STOCK)


def _fault(name: str, *, stock: bool) -> dict[str, Any]:
    fault, author = faults()[name]
    edition = _edition(fault)
    there, without = seen_alone(fault, edition)
    if (there, without) != (True, False):
        raise AssertionError(f"the witness of {name} sees it: {there}; and without it: {without}")
    entry: dict[str, Any] = {"group": fault.group, "author": author}
    if fault.unobservable:
        return {**entry, "verdict": "not observable", "reason": fault.unobservable}
    entry |= _verdict(fault, edition)
    if stock and edition == "seeds":  # the server that its cases were made for
        failure = _cases().finds([fault])
        entry["stock"] = f"{failure[0]} at {failure[1]}" if failure else ""
    return entry


def _verdict(fault: Fault, edition: Edition) -> dict[str, Any]:
    """Return by which rules a fault is killed, and how deep the kit had to look.

    What a part of the quick run's scripts shows, the whole shows too: rules gather what is wrong.
    So the scripts that are likely to show it come first, and the whole only for what is left.
    """
    for scripts in likely(fault.group):
        rules = _of_group(kit([fault], edition, scripts=scripts), fault)
        if rules:
            return {"verdict": "own group", "by": "quick", "rules": rules}
    any_rule: tuple[str, tuple[str, ...]] | None = None
    is_open = False
    for each in PASSES:
        runs = [kit([fault], edition, profile=each.profile, random=each.random, seed=seed) for seed in each.seeds]
        if all(_of_group(said, fault) for said in runs):
            return {"verdict": "own group", "by": each.name, "rules": _of_group(runs[0], fault)}
        if any_rule is None and all(said.broken for said in runs):
            any_rule = each.name, runs[0].broken
        is_open = is_open or any(_is_open(said, fault) for said in runs)
    if any_rule is not None:
        return {"verdict": "other group", "by": any_rule[0], "rules": list(any_rule[1])}
    return {"verdict": "inconclusive" if is_open else "survived", "rules": []}


def _of_group(said: Said, fault: Fault) -> list[str]:
    return [rule for rule in said.broken if _GROUPS[rule] == fault.group]


_PARTS: Final = {
    "refusals": refusals.SCRIPTS, "invalid": invalid.SCRIPTS, "bounds": bounds.SCRIPTS, "accepted": accepted.SCRIPTS,
    "calls": calls.SCRIPTS, "reading": reading.SCRIPTS,
}  # fmt: skip
_LIKELY: Final = {
    "validation": ("invalid", "bounds", "accepted"), "clamp": ("accepted", "calls"), "ctc": ("accepted", "calls"),
    "once": ("reading",), "filter": ("reading",), "concurrency": ("reading",), "ids": ("calls", "reading"),
    "values": ("calls",), "schedule": ("calls",), "push": ("calls",), "xml": ("reading", "accepted", "invalid"),
    "json": ("reading", "accepted", "invalid"), "negotiation": ("accepted", "refusals"),
    "size": ("refusals", "accepted"),
}  # fmt: skip


def likely(group: str) -> Iterator[tuple[Script, ...]]:
    """Return the scripts that are likely to show a fault of a group, part by part."""
    yield from (_PARTS[name] for name in _LIKELY.get(group, ("refusals", "accepted")))


def _is_open(said: Said, fault: Fault) -> bool:
    return bool(said.complaint) or any(_GROUPS[rule] == fault.group for rule in said.open)


def _variant(name: str) -> dict[str, Any]:
    variant, author = variants()[name]
    edition = _edition(variant)
    there, without = seen_alone(variant, edition)
    if (there, without) != (True, False):
        raise AssertionError(f"the witness of {name} sees it: {there}; and without it: {without}")
    # What the quick profile does, the full one does too, and it waits for what takes minutes.
    said = kit([variant], edition, profile="full")
    return {"author": author, "fails": sorted(said.fails), "warns": sorted(said.warns), "open": sorted(said.open)}


def _edition(deviation: Deviation) -> Edition:
    return "seeds" if "seeds" in deviation.editions else next(iter(deviation.editions))
