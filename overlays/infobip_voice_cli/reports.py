"""`infobip-voice reports drain`: take all delivery reports and print them."""

import argparse
import base64
import csv
import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from infobip_voice_cli.connection import EXIT_CODES, REJECTED, USAGE, add_options, client, complain

if TYPE_CHECKING:
    from infobip_voice import Report

__all__ = ["add_parser"]

DESCRIPTION = """\
Take all delivery reports and print them. The server hands out each report once, so every answer is
written to the spool before its reports are printed. After an interruption, the next run with the
same spool goes on where this one stopped. A report leaves the spool once it has been printed.

An answer that is lost on its way to this machine is gone, and with it up to --limit reports.
Standard error says so.

  table   for people (needs the extra: pip install 'infobip-voice[cli]')
  jsonl   every report as it was sent, one JSON object a line; decimals are text, so that they stay exact
  csv     the usual members, with a header
"""
_COLUMNS: Final = (
    "messageId", "bulkId", "to", "sentAt", "doneAt", "duration", "mccMnc", "dtmfCodes", "pricePerSecond", "currency",
    "status", "error", "delivered", "answeredBy", "recordedAudioFileUrl", "callbackData",
)  # fmt: skip

Printer = Callable[["Report"], None]


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
    parser.add_argument("--spool", required=True, metavar="FILE", help="where answers are kept until they are printed")
    parser.add_argument(
        "--follow", nargs="?", type=float, const=5.0, metavar="SECONDS",
        help="when nothing is left, ask again after this long (5), until Ctrl-C",
    )  # fmt: skip
    parser.add_argument("--format", choices=["table", "jsonl", "csv"], default="table", help="(default: %(default)s)")
    parser.add_argument("--limit", type=int, default=50, help="reports to take at a time (default: %(default)s)")
    parser.add_argument("--bulk-id", help="only the reports of this launch")
    add_options(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from infobip_voice import VoiceError

    try:
        show = {"table": _table, "jsonl": _jsonl, "csv": _csv}[arguments.format]()
    except ModuleNotFoundError as missing:
        text = f"infobip-voice: --format table needs {missing.name}: pip install 'infobip-voice[cli]'"
        print(text, file=sys.stderr)
        return USAGE
    try:
        with client(arguments) as voice:
            drain = voice.reports.drain(
                arguments.spool, limit=arguments.limit, bulk_id=arguments.bulk_id, follow=arguments.follow
            )
            with drain:
                return _drain(drain, show, arguments.follow)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # a report that was not read is not acknowledged, and comes again
        return REJECTED
    except (ValueError, VoiceError) as error:
        return complain(error)


def _drain(drain: Any, show: Printer, follow: float | None) -> int:
    from infobip_voice import NotSent, ReportsUncertain, Throttled, UnreadableReport

    code = told = 0
    while True:
        item = trouble = None
        try:
            item = next(drain, None)
        except (NotSent, Throttled, ReportsUncertain) as error:
            trouble = error
        for gap in drain.gaps[max(told, drain.known_gaps) :]:
            text = f"infobip-voice: an answer was lost, maybe with reports: {gap.reason} (status {gap.status})"
            print(text, file=sys.stderr)
            code = REJECTED
        told = len(drain.gaps)
        if trouble is not None:
            if follow is None:
                raise trouble
            complain(trouble)
            time.sleep(follow)
        elif item is None:
            return code
        elif isinstance(item, UnreadableReport):
            code = REJECTED
            body = base64.b64encode(item.body).decode()
            print(
                f"infobip-voice: a report cannot be read: {item.reason}; its bytes in base64: {body}", file=sys.stderr
            )
        else:
            show(item)


def _jsonl() -> Printer:
    return lambda report: print(json.dumps(report.raw, default=str, ensure_ascii=False), flush=True)


def _csv() -> Printer:
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)

    def show(report: "Report") -> None:
        writer.writerow(_row(report))
        sys.stdout.flush()

    return show


def _table() -> Printer:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(Text(_line("done", "to", "status", "by", "s", "price/s", "message id"), style="bold"))

    def show(report: "Report") -> None:
        row = dict(zip(_COLUMNS, _row(report), strict=True))
        done = report.done_at.isoformat(sep=" ", timespec="seconds") if report.done_at else ""
        price = f"{row['pricePerSecond']} {row['currency']}"
        line = _line(done, row["to"], row["status"], row["answeredBy"], row["duration"], price, row["messageId"])
        console.print(Text(line, style="green" if report.delivered else "yellow"), soft_wrap=True)

    return show


def _line(*cells: Any) -> str:
    widths = (25, 15, 28, 7, 5, 12, 0)
    return "  ".join(f"{cell if cell is not None else '':<{width}}" for cell, width in zip(cells, widths, strict=True))


def _row(report: "Report") -> list[Any]:
    from infobip_voice_client.models import ReportError, ReportStatus

    flat = report.data.to_dict()
    status, error = report.data.status, report.data.error
    known: dict[str, Any] = {
        "pricePerSecond": report.price,
        "currency": report.currency,
        "status": status.name or None if isinstance(status, ReportStatus) else None,
        "error": error.name or None if isinstance(error, ReportError) else None,
        "delivered": str(report.delivered).lower(),
        "answeredBy": report.answered_by,
    }
    return [known.get(name, flat.get(name)) for name in _COLUMNS]
