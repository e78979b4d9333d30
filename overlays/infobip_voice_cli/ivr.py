"""`infobip-voice ivr launch`: call everybody in a file, and nobody twice."""

import argparse
import csv
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infobip_voice_cli.connection import EXIT_CODES, REJECTED, UNCERTAIN, USAGE, add_options, client, complain

if TYPE_CHECKING:
    from infobip_voice import Prepared, VoiceClient
    from infobip_voice_client.models import IvrDestination

__all__ = ["add_parser"]

DESCRIPTION = """\
Play a scenario to every telephone in a CSV file. This dials telephones and is charged.

The file has a column "to" and may have a column "messageId"; without a header, its first column has
the numbers. A number that comes twice is called once.

Every call gets its id before the first request is sent, and every request is noted in a journal
beside the file before it is sent. After an interruption, run the same command again: it does not
repeat requests that were answered, nor, without --repeat-uncertain, the one that was under way. The
journal of a finished launch prevents a second launch of the same file; remove it to launch again.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    group = commands.add_parser("ivr", help="launch outbound IVRs").add_subparsers(required=True, metavar="COMMAND")
    parser = group.add_parser(
        "launch",
        help="call everybody in a file",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--scenario", required=True, metavar="ID", help="the key of the scenario to play")
    parser.add_argument("--to", required=True, type=Path, metavar="FILE.csv", help="whom to call")
    parser.add_argument("--from", dest="from_", metavar="NUMBER", help="the number that the called person sees")
    parser.add_argument(
        "--parameter", action="append", type=_pair, metavar="NAME=VALUE", help="a value for the scenario"
    )
    parser.add_argument("--send-at", type=datetime.fromisoformat, metavar="TIME", help="when to begin, with an offset")
    parser.add_argument(
        "--validity", type=int, metavar="MINUTES", help="how long after the start calls may still be dialled"
    )
    parser.add_argument("--notify-url", metavar="URL", help="where to push the reports")
    parser.add_argument("--callback-data", metavar="TEXT", help="echoed in pushed reports")
    parser.add_argument("--record", action="store_true", default=None, help="record the calls")
    parser.add_argument(
        "--batch", type=int, default=500, metavar="N", help="calls in one request (default: %(default)s)"
    )
    parser.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="the journal (default: the file's name with .journal)",
    )
    parser.add_argument(
        "--repeat-uncertain",
        action="store_true",
        help="send again, with the same ids, a request without an answer; dials twice if the platform forgot the ids",
    )
    parser.add_argument("--dry-run", action="store_true", help="read the file, say what would be sent, and stop")
    parser.add_argument("--no-progress", action="store_true", help="no progress bar (which needs the extra cli)")
    add_options(parser)
    parser.set_defaults(run=_run)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError("has to be NAME=VALUE")
    return name, value


def _run(arguments: argparse.Namespace) -> int:
    try:
        if arguments.batch < 1:
            raise ValueError("--batch has to be at least 1")
        destinations = _destinations(arguments.to)
        if arguments.dry_run:
            requests = -(-len(destinations) // arguments.batch)
            print(f"{len(destinations)} call(s) in {requests} request(s); nothing was sent")
            return 0
        with client(arguments) as voice, _journal(arguments, destinations, voice) as journal:
            return _launch(voice, journal, arguments)
    except ModuleNotFoundError as missing:
        text = (
            f"infobip-voice: the progress bar needs {missing.name}: pip install 'infobip-voice[cli]', or --no-progress"
        )
        print(text, file=sys.stderr)
        return USAGE
    except (OSError, ValueError, csv.Error, sqlite3.Error) as error:
        return complain(error)
    except KeyboardInterrupt:
        print("infobip-voice: interrupted; run the same command again to go on", file=sys.stderr)
        return 130


def _destinations(path: Path) -> "list[IvrDestination]":
    from infobip_voice_client.models import IvrDestination
    from infobip_voice_wire.telephone import normalise

    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    header = [cell.strip() for cell in rows[0]] if rows else []
    named = "to" in header
    number = header.index("to") if named else 0
    identifier = header.index("messageId") if "messageId" in header else None
    found: dict[str, IvrDestination] = {}
    for line, row in enumerate(rows[named:], 1 + named):
        try:
            to = normalise(row[number])
        except (ValueError, IndexError) as error:
            raise ValueError(f"{path.name}, row {line}: {error}") from None
        destination = IvrDestination(to)
        if identifier is not None and identifier < len(row) and row[identifier].strip():
            destination.message_id = row[identifier].strip()
        found.setdefault(to, destination)
    if not found:
        raise ValueError(f"{path.name} has nobody to call")
    return list(found.values())


class _Journal:
    """Every request of a campaign, with its ids and its state: `planned`, `sending` or `done`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def plan(self, launch: str, requests: Callable[[], list[str]]) -> None:
        self._database.execute("BEGIN EXCLUSIVE")
        self._database.execute("CREATE TABLE IF NOT EXISTS launch (what TEXT)")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS request (number INTEGER PRIMARY KEY, prepared TEXT, state TEXT)"
        )
        row = self._database.execute("SELECT what FROM launch").fetchone()
        if row is None:
            self._database.execute("INSERT INTO launch VALUES (?)", (launch,))
            insert = "INSERT INTO request (prepared, state) VALUES (?, 'planned')"
            self._database.executemany(insert, [(request,) for request in requests()])
        elif row[0] != launch:
            raise ValueError(
                "the journal belongs to another file or other options; restore them, or choose another journal"
            )
        self._database.execute("COMMIT")

    def requests(self) -> "list[tuple[int, Prepared[Any], str]]":
        from infobip_voice import Prepared

        rows = self._database.execute("SELECT number, prepared, state FROM request ORDER BY number")
        return [(number, Prepared.loads(prepared), state) for number, prepared, state in rows]

    def mark(self, number: int, state: str) -> None:
        self._database.execute("UPDATE request SET state = ? WHERE number = ?", (state, number))


@contextmanager
def _journal(arguments: argparse.Namespace, to: "list[IvrDestination]", voice: "VoiceClient") -> Generator[_Journal]:
    options: dict[str, Any] = {
        "scenario_id": arguments.scenario,
        "from_": arguments.from_,
        "parameters": dict(arguments.parameter) if arguments.parameter else None,
        "send_at": arguments.send_at,
        "validity_period": arguments.validity,
        "notify_url": arguments.notify_url,
        "callback_data": arguments.callback_data,
        "record": arguments.record,
    }

    def prepare() -> list[str]:
        whole = voice.ivr.prepare(to=to, **options)
        calls = [call for request in whole.requests for call in request.messages[0].destinations]
        batches = [calls[start : start + arguments.batch] for start in range(0, len(calls), arguments.batch)]
        return [voice.ivr.prepare(to=batch, bulk_id=whole.bulk_id, **options).dumps() for batch in batches]

    what = json.dumps([options, [call.to_dict() for call in to]], default=str, sort_keys=True)
    path = arguments.journal or arguments.to.with_name(arguments.to.name + ".journal")
    path.touch(mode=0o600)
    database = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        # Exclusive, because a second run at the same time would dial everybody again.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        journal = _Journal(database)
        journal.plan(hashlib.sha256(what.encode()).hexdigest(), prepare)
        yield journal
    finally:
        database.close()


def _launch(voice: "VoiceClient", journal: _Journal, arguments: argparse.Namespace) -> int:
    from infobip_voice import LaunchUncertain, LaunchUnreadable, VoiceError

    requests = journal.requests()
    accepted, rejected, code = 0, 0, 0
    uncertain: list[str] = []
    with _progress(arguments, sum(len(prepared.message_ids) for _, prepared, _ in requests)) as advance:
        for number, prepared, state in requests:
            calls = len(prepared.message_ids)
            if state == "sending" and not arguments.repeat_uncertain:
                uncertain += prepared.message_ids
            elif state != "done":
                journal.mark(number, "sending")
                try:
                    launch = voice.ivr.send(
                        prepared, sent_before=state == "sending", repeat_uncertain=arguments.repeat_uncertain
                    )
                except LaunchUncertain as error:
                    uncertain += prepared.message_ids
                    complain(error)
                    break
                except LaunchUnreadable as error:  # the server accepted the request
                    code = complain(error)
                    accepted += calls
                except VoiceError as error:
                    journal.mark(number, state)
                    code = complain(error)
                    break
                else:
                    accepted += len(launch.accepted)
                    rejected += len(launch.rejected)
                    uncertain += launch.unlisted
                    for entry in launch.rejected:
                        print(json.dumps({"messageId": entry.message_id, "rejected": entry.status.name}))
                journal.mark(number, "done")
            advance(calls)
    print(
        json.dumps(
            {"bulkId": requests[0][1].bulk_id, "accepted": accepted, "rejected": rejected, "uncertain": uncertain}
        )
    )
    return UNCERTAIN if uncertain else code or (REJECTED if rejected else 0)


@contextmanager
def _progress(arguments: argparse.Namespace, calls: int) -> Generator[Callable[[int], None]]:
    if arguments.no_progress:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("calls", total=calls)
        yield lambda number: progress.advance(task, number)
