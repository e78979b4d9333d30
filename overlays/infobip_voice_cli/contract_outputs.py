"""What becomes of the result of `infobip-voice contract`: files, and words on the terminal."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from os.path import realpath  # of a link to itself Path.resolve raises no OSError
from pathlib import Path
from typing import Any

from rich.console import Console

from infobip_voice_cli.connection import USAGE
from infobip_voice_cli.terminal import say
from infobip_voice_contract import curl, display
from infobip_voice_contract.baseline import Baseline, load, today
from infobip_voice_contract.clock import SystemClock
from infobip_voice_contract.excerpts import Excerpts
from infobip_voice_contract.junit import junit
from infobip_voice_contract.page import page
from infobip_voice_contract.run import Result
from infobip_voice_contract.summary import MAX_SUMMARY, summary
from infobip_voice_contract.verdicts import report

__all__ = ["Outputs"]

_FILES = ("json", "junit", "html", "summary", "journal", "baseline")


class Outputs:
    """Everything that a person asked for, checked before anything is sent.

    Args:
        arguments: The options.
        baseline: The known deviations; None without a baseline.
        day: Today, by which they expire.
    """

    def __init__(self, arguments: argparse.Namespace, baseline: Baseline | None, day: date) -> None:
        self._arguments = arguments
        self._baseline = baseline
        self._day = day

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Outputs":
        """Return the outputs that the options ask for.

        Raises:
            ValueError: the baseline is none, or a file cannot be where it should: its folder is not
                there, it is a folder itself, or it would overwrite another or what is judged.
            OSError: the baseline cannot be read.
        """
        taken = {realpath(arguments.judge[1]): "what is judged"} if len(arguments.judge) == 2 else {}
        for name in _FILES:
            path: Path | None = getattr(arguments, name)
            if path is None or str(path) == "-":
                continue
            if not path.parent.is_dir():
                raise ValueError(f"--{name} {path}: there is no folder {path.parent}")
            if path.is_dir():
                raise ValueError(f"--{name} {path}: it is a folder")
            if (path.is_file() or not path.exists()) and realpath(path) in taken:
                raise ValueError(f"--{name} {path} is also {taken[realpath(path)]}: give each its own file")
            taken[realpath(path)] = f"--{name}"
        path = arguments.baseline
        if arguments.write_baseline and path is None:
            raise ValueError("--write-baseline needs --baseline FILE")
        baseline = None
        if path is not None:
            is_new = arguments.write_baseline and not path.exists()
            baseline = Baseline() if is_new else load(path, explained=not arguments.write_baseline)
        return cls(arguments, baseline, today(SystemClock()))

    def write(self, found: Result) -> int:
        """Write everything, and return the exit code; 2 if a file could not be written.

        One that cannot be written costs none of the others, and not the words on the terminal.

        Raises:
            OSError: the baseline cannot be written, or nobody reads the words.
        """
        arguments = self._arguments
        found = self._expected(found)
        document = json.dumps(_document(found), ensure_ascii=False, indent=2) + "\n"
        to_standard_output = str(arguments.json) == "-"
        if to_standard_output:
            print(document, end="")
        console = Console(stderr=to_standard_output, highlight=False, soft_wrap=True)
        shown: Any = display.result(found, quiet=arguments.quiet)
        console.print(shown)
        sys.stdout.flush()
        writers: dict[str, Callable[[Path], object]] = {
            "json": lambda path: to_standard_output or path.write_text(document, encoding="utf-8"),
            "junit": lambda path: path.write_bytes(junit(found)),
            "html": lambda path: path.write_text(page(found), encoding="utf-8"),
            "summary": lambda path: _append(found, path),
            "scripts": lambda path: _write_scripts(found, path),
        }
        return max([found.code, *(_written(name, getattr(arguments, name), write) for name, write in writers.items())])

    def _expected(self, found: Result) -> Result:
        baseline = self._baseline
        if baseline is None:
            return found
        if self._arguments.write_baseline and found.code != 2:
            baseline = baseline.renewed(found, self._day)
            path: Path = self._arguments.baseline
            path.write_text(baseline.dumps(), encoding="utf-8")
            bare = [deviation for deviation in baseline.deviations if not deviation.reason.strip()]
            say(f"{path} has {len(baseline.deviations)} deviations; {len(bare)} of them need a reason")
        return baseline.applied(found, self._day)


def _written(name: str, path: Path | None, write: Callable[[Path], object]) -> int:
    """Write a file that is wanted, and return 0; or say why it cannot be written, and return 2."""
    try:
        if path is not None:
            write(path)
    except OSError as error:
        say(f"--{name} {path} cannot be written: {error.strerror or error}")
        return USAGE
    return 0


def _document(found: Result) -> dict[str, Any]:
    document = report(found.judgements, found.history)
    excerpts = Excerpts(found)
    for rule in document["rules"]:
        for finding in rule["evidence"]:
            finding["problem"] = excerpts.masked(finding["problem"])
    return document | {"code": found.code, "complaint": found.complaint, "notes": found.facts.notes}


def _append(found: Result, path: Path) -> None:
    taken = path.stat().st_size if path.exists() else 0
    with path.open("a", encoding="utf-8") as file:
        file.write(summary(found, room=MAX_SUMMARY - taken))


def _write_scripts(found: Result, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for judgement in found.judgements:
        if judgement.verdict in ("fail", "warn", "known") and curl.shown(judgement, found.history):
            text = curl.script(judgement, found.history, base_url=found.facts.base_url, run=found.facts.run)
            (folder / f"{judgement.rule.id}.sh").write_text(text, encoding="utf-8")
