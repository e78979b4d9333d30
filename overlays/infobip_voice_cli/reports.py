"""`infobip-voice reports drain`: take every report once, and print it or append it to a file."""

import argparse
import math
import signal
from datetime import UTC, datetime
from os.path import realpath  # of a link to itself Path.resolve raises no OSError
from typing import TYPE_CHECKING, Any

from infobip_voice_cli import receive
from infobip_voice_cli.connection import EXIT_CODES, FAILED, REJECTED, add_options, client, complain
from infobip_voice_cli.output import FORMATS, Output, OutputFile, StandardOutput
from infobip_voice_cli.stop import Stop
from infobip_voice_cli.terminal import say
from infobip_voice_cli.values import plain_file

if TYPE_CHECKING:
    from infobip_voice import Drain

__all__ = ["add_parser", "shown"]

DESCRIPTION = """Take all delivery reports. The server hands out each report once, so every answer
is written to the spool before its reports are printed. A report leaves the spool
once it is printed, or with --output once it is on the disk in that file; after an
interruption the next run with the same spool goes on where this one stopped, and
may repeat the last ones. What a pipe swallowed is not repeated: prefer --output.

Any number of drains, on any number of hosts, may share a spool in PostgreSQL
(postgresql://…; a password is best left to PGPASSFILE, since other users of the
machine see the options of a command).

An answer that is lost on its way to this machine is gone, and with it up to
--limit reports. Standard error says so. Ctrl-C and SIGTERM therefore wait for an
answer that is under way; a second one does not.

  table   for people
  jsonl   every report as it was sent, one JSON object a line; decimals are text,
          so that they stay exact
  csv     the usual members, with a header once per file. A cell that a
          spreadsheet would run as a formula begins with ', unless --exact-cells
          is given
"""


def shown(spool: str) -> str:
    """Return where a spool is, without the credentials and the options in its URL."""
    scheme, mark, rest = spool.partition("://")
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}" if mark else spool


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    group = commands.add_parser("reports", help="take delivery reports").add_subparsers(
        required=True, metavar="COMMAND"
    )
    parser = group.add_parser(
        "drain",
        help="take all reports, each once",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--spool", required=True, metavar="FILE|URL",
        help="where answers are kept until they are printed: a file of its own, or a PostgreSQL that drains share",
    )  # fmt: skip
    parser.add_argument("--output", type=plain_file, metavar="FILE", help="append the reports to this file")
    parser.add_argument(
        "--format", choices=list(FORMATS), help="(default: table; with --output jsonl, or csv if it is called so)"
    )
    parser.add_argument("--exact-cells", action="store_true", help="leave cells that look like formulas as they are")
    parser.add_argument(
        "--follow", nargs="?", type=float, const=5.0, metavar="SECONDS",
        help="when nothing is left, ask again after this long (5), until Ctrl-C",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, default=50, help="reports to take at a time (default: %(default)s)")
    parser.add_argument("--bulk-id", help="only the reports of this launch")
    add_options(parser)
    parser.set_defaults(run=_run)
    receive.add_parser(group)


def _run(arguments: argparse.Namespace) -> int:
    with Stop() as stop:
        code = _stoppable(arguments, stop)
    if stop.signal is None or code not in (0, REJECTED, 130):
        return code
    if stop.signal != signal.SIGINT:
        signal.raise_signal(stop.signal)  # ends the process by it, as whoever sent it expects
    return 128 + stop.signal


def _stoppable(arguments: argparse.Namespace, stop: Stop) -> int:
    from infobip_voice import VoiceError

    try:
        if arguments.output is not None and realpath(arguments.output) == realpath(arguments.spool):
            raise ValueError("--output and --spool name the same file; nothing was asked for")
        if arguments.follow is not None and not (math.isfinite(arguments.follow) and arguments.follow > 0):
            raise ValueError("--follow has to be a number of seconds above zero")
        with client(arguments, stop.sleep) as voice:
            # Everything is checked before anything is asked for.
            drain = voice.reports.drain(
                arguments.spool,
                limit=arguments.limit,
                bulk_id=arguments.bulk_id,
                follow=arguments.follow,
                auto_ack=False,
            )
            output = _output(arguments)
            try:
                with drain:
                    return _drain(drain, output, arguments, stop)
            finally:
                output.close()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        raise
    except OSError as error:
        say(f"the output failed: {error}. What is not in it stays in the spool {shown(arguments.spool)}")
        return FAILED
    except (ValueError, VoiceError) as error:
        return complain(error)


def _output(arguments: argparse.Namespace) -> Output:
    path = arguments.output
    if path is None:
        return StandardOutput(arguments.format or "table", exact=arguments.exact_cells)
    form = arguments.format or ("csv" if path.suffix.lower() == ".csv" else "jsonl")
    if form == "table":
        raise ValueError("--output takes --format jsonl or csv")
    try:
        file = OutputFile(path, form, exact=arguments.exact_cells)
    except OSError as error:
        raise ValueError(f"{error}; nothing was asked for") from None
    if file.torn:
        say(f"{path}: removed {file.torn} byte(s) of a report that a crash had cut off; it comes again")
    return file


def _drain(drain: "Drain", output: Output, arguments: argparse.Namespace, stop: Stop) -> int:
    from infobip_voice import NotSent, ReportsUncertain, Throttled

    code = 0
    told = _Told(datetime.now(UTC))
    batches = drain.batches(arguments.limit)
    # An answer that is under way when somebody wants to stop is stored and put out before that.
    while not stop.is_wanted:
        reports = trouble = None
        try:
            reports = next(batches, None)
        except (NotSent, Throttled, ReportsUncertain) as error:
            trouble = error
        if told.tell(drain):
            code = REJECTED
        if trouble is not None:
            if arguments.follow is None:
                raise trouble
            complain(trouble)
            stop.sleep(arguments.follow)
        elif reports is None:
            output.put([])  # the header, where there was no report
            return code
        else:
            output.put(reports)
            drain.ack(reports)
    return code


class _Told:
    """Tells each loss of this run once, on standard error.

    What an earlier run has told stays in the spool untold.
    """

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._known: set[Any] = set()

    def tell(self, drain: "Drain") -> bool:
        """Tell what is new, and return whether there was anything."""
        found: dict[Any, str] = {}
        for gap in drain.gaps:
            if gap.last is not None and gap.last >= self._began:
                found[gap.reason, gap.first] = (
                    f"an answer was lost, maybe with reports: {gap.reason} (status {gap.status})"
                )
        for piece in drain.unreadable:
            if piece.last is not None and piece.last >= self._began:
                found[piece.body] = (
                    f"a report cannot be read: {piece.reason}; its {len(piece.body)} byte(s) stay in the spool: "
                    "see `infobip-voice spool`"
                )
        new = found.keys() - self._known
        for key in found:
            if key in new:
                say(found[key])
        self._known |= new
        return bool(new)
