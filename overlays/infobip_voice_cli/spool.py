"""`infobip-voice spool`: look into the spool of a drain."""

import argparse
import json
import os
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infobip_voice_cli.connection import EXIT_CODES, FAILED, USAGE, complain
from infobip_voice_cli.terminal import say, write
from infobip_voice_cli.values import file_name

if TYPE_CHECKING:
    from infobip_voice import Gap, Report, Unreadable
    from infobip_voice._spool import Spool

__all__ = ["add_parser"]

DESCRIPTION = """\
Show what the spool of a drain holds: reports that wait to be delivered, reports
of other launches than the spool is for, what could not be understood, and the
answers that were lost.

No drain can have a file meanwhile. Of a PostgreSQL (postgresql://…) all is
shown that its drains have, and taken from none of them. --export writes all of
it, bytes in base64, before anything is forgotten.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    parser = commands.add_parser(
        "spool",
        help="show what a spool holds",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("spool", metavar="FILE|URL", help="the spool of `reports drain`")
    parser.add_argument(
        "--export", type=file_name, metavar="FILE", help="write everything into a new file, one JSON object in a line"
    )
    parser.add_argument("--forget-gaps", action="store_true", help="delete the record of lost answers")
    parser.add_argument("--forget-unreadable", action="store_true", help="delete what could not be understood")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from infobip_voice import ConfigurationError, SpoolError
    from infobip_voice._exchange import Setup
    from infobip_voice._spool import is_url, make_spool

    setup = Setup()
    try:
        if not is_url(arguments.spool) and not Path(arguments.spool).is_file():
            raise ValueError(f"there is no spool {arguments.spool}")
        spool = make_spool(arguments.spool, None, setup.now, setup.new_id)
    except ConfigurationError as error:
        return complain(error)
    except ValueError as error:
        say(str(error))
        return USAGE
    try:
        spool.open()
        waiting, others, unread = _reports(spool)
        unreadable = (*spool.unreadable, *unread)
        if arguments.export:
            _export(Path(arguments.export), _entries(waiting, others, unreadable, spool.gaps))
        write(f"{len(waiting)} report(s) wait to be delivered")
        if others:
            write(f"{len(others)} report(s) of other launches")
        for piece in unreadable:
            last = f", last {piece.last}" if piece.last else ""
            write(f"unreadable: {len(piece.body)} byte(s), {piece.count} time(s){last}: {piece.reason}")
        for gap in spool.gaps:
            write(f"lost: {gap.count} answer(s) from {gap.first} to {gap.last}: {gap.reason} (status {gap.status})")
        if arguments.forget_gaps:
            spool.forget_gaps()
        if arguments.forget_unreadable:
            spool.forget_unreadable()
    except FileExistsError:
        say(f"{arguments.export} exists; nothing was written or forgotten")
        return USAGE
    except SpoolError as error:
        return complain(error)
    except BrokenPipeError:
        raise  # before anything is forgotten
    except OSError as error:
        say(f"{error}; nothing was forgotten")
        return FAILED
    finally:
        spool.close()
    return 0


def _export(path: Path, entries: Iterator[dict[str, Any]]) -> None:
    """Write entries into a new file, for its owner alone, and have them on the disk.

    Raises:
        OSError: they are not there. A part of them may be.
    """
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        for entry in entries:
            file.write(json.dumps(entry) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _reports(spool: "Spool") -> "tuple[list[Report], list[Report], list[Unreadable]]":
    """Return the reports that wait, those of other launches, and what no drain has come to that
    cannot be understood.
    """
    waiting: list[Report] = []
    others: list[Report] = []
    unread: list[Unreadable] = []
    number = 0
    while (page := spool.look(number)) is not None:
        number = page.number
        waiting += page.waiting
        others += page.others
        unread += page.new
    return waiting, others, unread


def _entries(
    waiting: "list[Report]", others: "list[Report]", unreadable: "Iterable[Unreadable]", gaps: "Iterable[Gap]"
) -> Iterator[dict[str, Any]]:
    for kind, reports in (("waiting", waiting), ("other", others)):
        for report in reports:
            yield {"kind": kind, "report": report.to_dict()}
    for piece in unreadable:
        yield {
            "kind": "unreadable", "reason": piece.reason, "contentType": piece.content_type,
            "contentEncoding": piece.content_encoding, "count": piece.count, "first": str(piece.first),
            "last": str(piece.last), "body": b64encode(piece.body).decode(),
        }  # fmt: skip
    for gap in gaps:
        yield {
            "kind": "gap", "reason": gap.reason, "status": gap.status, "count": gap.count, "first": str(gap.first),
            "last": str(gap.last), "bodies": [b64encode(body).decode() for body in gap.bodies],
        }  # fmt: skip
