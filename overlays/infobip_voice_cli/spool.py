"""`infobip-voice spool`: look into the spool of a drain."""

import argparse
import json
import os
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infobip_voice_cli.connection import EXIT_CODES, FAILED, USAGE, complain
from infobip_voice_cli.terminal import say

if TYPE_CHECKING:
    from infobip_voice import Report
    from infobip_voice._spool import Spool

__all__ = ["add_parser"]

DESCRIPTION = """\
Show what the spool of a drain holds: reports that wait to be delivered, reports
of other launches than the spool is for, what could not be understood, and the
answers that were lost.

No drain can have the spool meanwhile. --export writes all of it, bytes in base64,
before anything is forgotten.
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
    parser.add_argument("spool", metavar="FILE", help="the spool of `reports drain`")
    parser.add_argument("--export", metavar="FILE", help="write everything into a new file, one JSON object in a line")
    parser.add_argument("--forget-gaps", action="store_true", help="delete the record of lost answers")
    parser.add_argument("--forget-unreadable", action="store_true", help="delete what could not be understood")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from infobip_voice import SpoolError
    from infobip_voice._spool import make_spool

    if not Path(arguments.spool).is_file():
        say(f"there is no spool {arguments.spool}")
        return USAGE
    spool = make_spool(arguments.spool, None, lambda: datetime.now(UTC), str)
    try:
        spool.open()
        waiting, others = _reports(spool)
        if arguments.export:
            _export(Path(arguments.export), _entries(spool, waiting, others))
        print(f"{len(waiting)} report(s) wait to be delivered")
        if others:
            print(f"{len(others)} report(s) of other launches")
        for piece in spool.unreadable:
            print(f"unreadable: {len(piece.body)} byte(s), {piece.count} time(s), last {piece.last}: {piece.reason}")
        for gap in spool.gaps:
            print(f"lost: {gap.count} answer(s) from {gap.first} to {gap.last}: {gap.reason} (status {gap.status})")
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


def _reports(spool: "Spool") -> "tuple[list[Report], list[Report]]":
    """Return the reports that wait, and those of other launches."""
    waiting: list[Report] = []
    others: list[Report] = []
    number = 0
    while (page := spool.look(number)) is not None:
        number = page.number
        waiting += page.waiting
        others += page.others
    return waiting, others


def _entries(spool: "Spool", waiting: "list[Report]", others: "list[Report]") -> Iterator[dict[str, Any]]:
    for kind, reports in (("waiting", waiting), ("other", others)):
        for report in reports:
            yield {"kind": kind, "report": report.to_dict()}
    for piece in spool.unreadable:
        yield {
            "kind": "unreadable", "reason": piece.reason, "contentType": piece.content_type,
            "contentEncoding": piece.content_encoding, "count": piece.count, "first": str(piece.first),
            "last": str(piece.last), "body": b64encode(piece.body).decode(),
        }  # fmt: skip
    for gap in spool.gaps:
        yield {
            "kind": "gap", "reason": gap.reason, "status": gap.status, "count": gap.count, "first": str(gap.first),
            "last": str(gap.last), "bodies": [b64encode(body).decode() for body in gap.bodies],
        }  # fmt: skip
