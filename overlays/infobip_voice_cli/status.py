"""`infobip-voice ivr status`: who was called."""

import argparse
import csv
import json
import sqlite3
from pathlib import Path
from typing import Final

from infobip_voice_cli.campaign import exit_code, show
from infobip_voice_cli.connection import EXIT_CODES, FAILED, add_verbose, complain
from infobip_voice_cli.journal import Journal, JournalError
from infobip_voice_cli.terminal import say
from infobip_voice_cli.values import plain_file

__all__ = ["add_parser"]

DESCRIPTION: Final = """\
Show how far a campaign is, from its journal: how many calls the platform dials,
which it rejected, which are uncertain (sent, but no answer came), and which are
not sent. A launch may be under way meanwhile.

The exported files have the columns that `ivr launch` reads, with the same ids:
check them against the reports, or launch them on purpose, with a new journal. A
platform that still knows an id rejects the call; one that forgot it dials again.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to those of `ivr`."""
    parser = commands.add_parser(
        "status",
        help="show how far a campaign is",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("journal", type=plain_file, metavar="JOURNAL", help="the journal of `ivr launch`")
    parser.add_argument("--uncertain", type=Path, metavar="FILE.csv", help="write the uncertain calls into a new file")
    parser.add_argument("--unsent", type=Path, metavar="FILE.csv", help="write the calls not sent into a new file")
    add_verbose(parser)
    parser.set_defaults(run=_status)


def _status(arguments: argparse.Namespace) -> int:
    try:
        with Journal(arguments.journal, exists=True) as journal:
            campaign = journal.campaign
            if campaign is None:
                raise JournalError(f"{arguments.journal} has no campaign yet: nothing was sent")
            for state, path in (("uncertain", arguments.uncertain), ("unsent", arguments.unsent)):
                if path is not None:
                    _export(journal, state, path)
            try:
                show(journal, campaign)
            except BrokenPipeError:
                raise
            except OSError as error:
                say(f"the result cannot be printed: {error}")
                return FAILED
            return exit_code(journal.totals())
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        return complain(ValueError(str(error)))
    except sqlite3.Error as error:
        say(f"the journal {arguments.journal} failed: {error}")
        return FAILED


def _export(journal: Journal, state: str, path: Path) -> None:
    told = [(call, *json.loads(call.recipient)) for call in journal.calls(state)]
    names = sorted({name for *_, parameters in told for name in parameters})
    with path.open("x", encoding="utf-8", newline="") as file:
        path.chmod(0o600)
        writer = csv.writer(file)
        writer.writerow(["to", "messageId", "from", *(f"parameters.{name}" for name in names)])
        for call, to, sender, parameters in told:
            writer.writerow([to, call.message_id, sender, *(parameters.get(name, "") for name in names)])
    say(f"{len(told)} call(s) written to {path}")
