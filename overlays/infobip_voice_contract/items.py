"""Rules as items of pytest, and how several processes share what one run says about them."""

import fcntl
import json
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Protocol, cast

import pytest

from infobip_voice_contract.pytest_plugin import ContractWarning
from infobip_voice_contract.rules.rule import Rule, Verdict

__all__ = ["Item", "Outcome", "Outcomes", "Rules", "Suite", "once"]


class Outcome(NamedTuple):
    """What an item says.

    Attributes:
        verdict: What became of its rule.
        reason: In one line why it is so; empty if the rule holds.
        text: All that shows a broken rule.
    """

    verdict: Verdict
    reason: str
    text: str


class Outcomes(NamedTuple):
    """What the run gave.

    Attributes:
        complaint: Why nothing could be judged; empty if something could.
        rules: For each rule its outcome.
    """

    complaint: str
    rules: dict[str, Outcome]


class Suite(Protocol):
    """Knows the rules, and what became of them."""

    def rules(self) -> Iterable[Rule]:
        """Return the rules that are items."""
        ...

    def outcome(self, rule: Rule) -> Outcome:
        """Return what became of a rule; the run is made if it has not been."""
        ...


class Rules(pytest.Collector):
    """Collects an item for each rule."""

    def __init__(self, *, suite: Suite, **known: Any) -> None:
        super().__init__(**known)  # pyright: ignore[reportUnknownMemberType]
        self.suite = suite

    def collect(self) -> Iterable[pytest.Item]:
        new: Any = cast("Any", Item).from_parent
        return [new(self, name=rule.id, rule=rule) for rule in self.suite.rules()]


class Item(pytest.Item):
    """A rule, which says what became of it."""

    def __init__(self, *, rule: Rule, **known: Any) -> None:
        super().__init__(**known)  # pyright: ignore[reportUnknownMemberType]
        self._rule = rule
        self.extra_keyword_matches.add(rule.group)
        self._outcome: Outcome | None = None

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self._rule.id}: {self._rule.sentence}"

    def setup(self) -> None:
        self._outcome = cast("Rules", self.parent).suite.outcome(self._rule)

    def runtest(self) -> None:
        if self._outcome is None:
            raise AssertionError
        verdict, reason, text = self._outcome
        if verdict == "fail":
            _fail(text)
        elif verdict == "known":
            pytest.xfail(reason)
            _fail(text)  # with --runxfail
        elif verdict == "warn":
            try:
                warnings.warn_explicit(ContractWarning(reason), None, self._rule.id, 0)
            except ContractWarning:
                _fail(text)  # with -W error
        elif verdict == "pass":
            if reason:
                self.add_marker(pytest.mark.xfail(reason=reason, strict=False))
        else:
            pytest.skip(reason)


def _fail(text: str) -> NoReturn:
    __tracebackhide__ = True
    pytest.fail(text, pytrace=False)


def once(folder: Path, run: Callable[[], Outcomes]) -> Outcomes:
    """Return what the one run of all processes gave; make it if nobody has begun it.

    Args:
        folder: Where they meet.
        run: Makes it.
    """
    begun, done = folder / "begun", folder / "done"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            complaint, rules = json.loads(done.read_text(encoding="utf-8"))
            return Outcomes(complaint, {name: Outcome(*outcome) for name, outcome in rules.items()})
        if begun.exists():
            return Outcomes("the worker that tested the server died; nothing was sent again", {})
        begun.touch()
        outcomes = run()
        done.write_text(json.dumps(outcomes), encoding="utf-8")
        return outcomes
