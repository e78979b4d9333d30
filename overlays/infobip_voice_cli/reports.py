"""`infobip-voice reports drain`: take all delivery reports and print them."""

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from infobip_voice_cli.connection import EXIT_CODES, REJECTED, USAGE, add_options, client, complain

if TYPE_CHECKING:
    from infobip_voice import Drain, Report

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


def _drain(drain: "Drain", show: Printer, follow: float | None) -> int:
    from infobip_voice import NotSent, ReportsUncertain, Throttled

    code = 0
    told = _Told(datetime.now(UTC))
    while True:
        report = trouble = None
        try:
            report = next(drain, None)
        except (NotSent, Throttled, ReportsUncertain) as error:
            trouble = error
        if told.tell(drain):
            code = REJECTED
        if trouble is not None:
            if follow is None:
                raise trouble
            complain(trouble)
            time.sleep(follow)
        elif report is None:
            return code
        else:
            show(report)


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
                print(f"infobip-voice: {found[key]}", file=sys.stderr)
        self._known |= new
        return bool(new)


def _jsonl() -> Printer:
    return lambda report: print(json.dumps(report.to_dict(), ensure_ascii=False), flush=True)


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
    members: dict[str, Any] = {
        "messageId": report.message_id,
        "bulkId": report.bulk_id,
        "to": report.to,
        "sentAt": report.raw.get("sentAt"),
        "doneAt": report.data.done_at or None,
        "duration": report.duration,
        "mccMnc": report.mcc_mnc,
        "dtmfCodes": report.dtmf_codes,
        "pricePerSecond": report.price,
        "currency": report.currency,
        "status": report.status.name if report.status else None,
        "error": report.error.name if report.error else None,
        "delivered": str(report.delivered).lower(),
        "answeredBy": report.answered_by,
        "recordedAudioFileUrl": report.recorded_audio_file_url,
        "callbackData": report.callback_data,
    }
    return [members[name] for name in _COLUMNS]
