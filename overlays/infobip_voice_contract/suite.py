"""The run that all rules of a pytest session share, for the options of `pytest_plugin`.

One run serves all items. With pytest-xdist the worker that comes first makes it, and the others
wait for what it says, however the items are spread over them.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Generator, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from infobip_voice_contract.clock import SystemClock
from infobip_voice_contract.contract import EDITIONS
from infobip_voice_contract.items import Outcome, Outcomes, Rules, once
from infobip_voice_contract.rules import RULES
from infobip_voice_contract.rules.rule import Rule
from infobip_voice_contract.settings import EXTENTS

if TYPE_CHECKING:
    from infobip_voice_contract.baseline import Baseline

__all__ = ["Suite"]

NAME: Final = "contract"
_FOLDER: Final = "infobip_voice_contract_folder"


class Suite:
    """Adds an item for each rule, and makes the run that they share.

    Args:
        config: The options.

    Raises:
        pytest.UsageError: an option is wrong; the text says which, and what to do.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._outcomes: Outcomes | None = None
        self._has_complained = False
        self._folder: str | None = None
        try:
            self._edition = _choice("edition", self._option("edition") or "seeds", EDITIONS)
            self._profile = _choice("profile", self._option("profile") or "quick", EXTENTS)
            self._only = self._chosen()
            self._base_url = self._target()
            self._known()
        except (ValueError, OSError) as error:
            raise pytest.UsageError(str(error)) from None

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, pytest.CollectReport]:
        """Put the rules behind what the session has collected."""
        report: pytest.CollectReport = yield
        if isinstance(collector, pytest.Session) and report.passed:
            own = cast("Any", Rules).from_parent(collector, name=NAME, nodeid=NAME, suite=self)
            report.result = [*(report.result or ()), own]
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of pytest-xdist where the outcomes of the one run will be."""
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="infobip-voice-contract-")
        node.workerinput[_FOLDER] = self._folder

    def pytest_unconfigure(self) -> None:
        """Forget them."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def rules(self) -> Iterator[Rule]:
        """Return the rules of the edition, or those of them that the command line names."""
        return (rule for rule in RULES if self._edition in rule.editions and (not self._only or rule.id in self._only))

    def outcome(self, rule: Rule) -> Outcome:
        """Return what became of a rule, after the run."""
        if self._outcomes is None:
            folder = getattr(self._config, "workerinput", {}).get(_FOLDER)
            # Until it has ended well, it counts as failed: no other item begins another run.
            self._outcomes, self._has_complained = Outcomes("the run failed", {}), True
            self._outcomes = once(Path(folder), self._run) if folder else self._run()
            self._has_complained = False
        if self._outcomes.complaint:
            if self._has_complained:
                pytest.skip("the run failed, as the first item says")
            self._has_complained = True
            pytest.fail(self._outcomes.complaint, pytrace=False)
        return self._outcomes.rules[rule.id]

    def _run(self) -> Outcomes:
        from infobip_voice_contract.baseline import today
        from infobip_voice_contract.credentials import given
        from infobip_voice_contract.excerpts import Excerpts
        from infobip_voice_contract.safety import Numbers
        from infobip_voice_contract.settings import Settings
        from infobip_voice_contract.trial import application, server, trial

        config, clock = self._config, SystemClock()
        journal = config.getoption("contract_journal")
        try:
            credentials = given(os.environ)
            numbers = Numbers.of("mock" if self._option("numbers") == "mock" else self._file("numbers"))
            app = config.getoption("contract_app")
            if app:
                sys.path.append(str(config.invocation_params.dir))  # where tests are, pytest adds it first
            subject = application(app, credentials) if app else server(self._base_url, credentials)
            settings = Settings(
                base_url=subject.base_url,
                edition=self._edition,
                profile=self._profile,
                destructive=bool(config.getoption("contract_destructive")),
                seed=int(config.getoption("contract_seed") or 0),
                placeholders=credentials.placeholders,
            )
            found = trial(subject, settings, numbers, clock, journal=Path(journal) if journal else None)
        except (ValueError, OSError) as error:
            return Outcomes(str(error), {})
        known = self._known()
        found = known.applied(found, today(clock)) if known is not None else found
        excerpts = Excerpts(found)
        rules: dict[str, Outcome] = {}
        for each in found.judgements:
            is_broken = each.verdict in ("fail", "warn", "known")
            reason = each.baseline or each.reason or (excerpts.problem(each) if is_broken else "")
            rules[each.rule.id] = Outcome(each.verdict, reason, excerpts.whole(each) if is_broken else "")
        return Outcomes(excerpts.line(found.complaint), rules)

    def _option(self, name: str) -> str:
        return str(self._config.getoption(f"contract_{name}") or self._config.getini(f"contract_{name}"))

    def _file(self, name: str) -> Path | None:
        """Return a file: of an option beside where pytest began, of a configuration beside that."""
        given = self._config.getoption(f"contract_{name}")
        if given:
            return self._config.invocation_params.dir / str(given)
        named = str(self._config.getini(f"contract_{name}"))
        ini = self._config.inipath
        return (ini.parent if ini is not None else self._config.rootpath) / named if named else None

    def _target(self) -> str:
        from infobip_voice_contract.safety import target

        base_url, app = self._config.getoption("contract_base_url"), self._config.getoption("contract_app")
        if base_url and app:
            raise ValueError("--contract-base-url and --contract-app exclude each other")
        return target(base_url) if base_url else ""

    def _known(self) -> "Baseline | None":
        file = self._file("baseline")
        if file is None:
            return None
        from infobip_voice_contract.baseline import load

        return load(file)

    def _chosen(self) -> set[str]:
        """Take the rules out of the arguments, which pytest would look for as files."""
        config = self._config
        # Reports name items beside the root, as it is seen from where pytest began.
        here = os.path.relpath(config.rootpath / NAME, config.invocation_params.dir)
        own = [word for word in config.args if word.startswith((f"{NAME}::", f"{here}::"))]
        config.args[:] = [word for word in config.args if word not in own]
        chosen = {word.partition("::")[2] for word in own}
        return {_choice("rule", name, [rule.id for rule in RULES]) for name in chosen}


def _choice(what: str, name: str, known: Collection[str]) -> Any:
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"do you mean {near[0]}?" if near else f"there are {', '.join(list(known)[:4])}"
        raise ValueError(f"the contract has no {what} {name}; {hint}")
    return name
