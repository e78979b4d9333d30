"""`infobip-voice ivr launch`: call everybody in a file, and nobody twice."""

import argparse
import json
import os
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infobip_voice_cli import source, status
from infobip_voice_cli.campaign import Run, Throttle, exit_code, show, trace
from infobip_voice_cli.connection import (
    EXIT_CODES,
    FAILED,
    REJECTED,
    UNCERTAIN,
    USAGE,
    account,
    add_options,
    async_client,
    complain,
    server,
)
from infobip_voice_cli.journal import Campaign, Journal, JournalError, Totals
from infobip_voice_cli.launching import MAX_BATCH, dry_run, options_of, plan
from infobip_voice_cli.recipients import Reading, read_recipients
from infobip_voice_cli.sheet import SheetError
from infobip_voice_cli.stop import Stop, Stopped
from infobip_voice_cli.terminal import progress, say
from infobip_voice_cli.values import (
    connections,
    encoding,
    file_name,
    minutes,
    moment,
    pace,
    pair,
    pause,
    plain_file,
    redial,
    seconds,
)
from infobip_voice_cli.window import HELP, window

if TYPE_CHECKING:
    from infobip_voice import AsyncVoiceClient

__all__ = ["add_parser"]

LAUNCH: Final = """\
Play a scenario to every telephone in a file. This dials telephones and is
charged. Try it with --dry-run first.

The file is a table as spreadsheets export it: CSV with commas, semicolons, tabs
or pipes, in UTF-8, UTF-16 or Windows-1252. A first row names the columns. The
column of the numbers is called to, phone, mobile, number, msisdn or alike, or is
named by --column. Of the other columns these take effect, each for its row:

  messageId         the id of the call
  from              the number that the called person sees
  parameters.NAME   a value for the scenario

A number that is not certainly one whole number in international form is
refused, and so is one that comes twice. Nothing is sent then.

Every call gets its id before the first request is sent, and every request is
noted in a journal beside the file before it is sent. After an interruption, run
the same command again: it sends what was not sent. A request whose answer was
lost is sent again only with --repeat-uncertain. The journal of a finished
campaign prevents a second launch of the same file. It belongs to one server and
one account.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the commands to the command line."""
    group = commands.add_parser("ivr", help="launch outbound IVRs").add_subparsers(required=True, metavar="COMMAND")
    parser = group.add_parser(
        "launch",
        help="call everybody in a file",
        description=LAUNCH,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_launch(parser)
    status.add_parser(group)


def _add_launch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scenario", required=True, metavar="ID", help="the key of the scenario to play")
    parser.add_argument(
        "--to", required=True, type=file_name, metavar="FILE", help="whom to call; - for standard input"
    )
    parser.add_argument("--column", metavar="NAME", help="the column of the numbers: its name, or its number from 1")
    parser.add_argument("--ignore-columns", action="store_true", help="go on if the file has columns without effect")
    parser.add_argument(
        "--duplicates",
        choices=["refuse", "once", "call"],
        default="refuse",
        help="what to do with a number that comes again (default: %(default)s)",
    )
    parser.add_argument("--encoding", type=encoding, metavar="NAME", help="the file's encoding, if it is not seen")
    parser.add_argument("--from", dest="from_", metavar="NUMBER", help="the number that the called person sees")
    parser.add_argument(
        "--parameter", action="append", type=pair, metavar="NAME=VALUE", help="a value for the scenario; repeatable"
    )
    parser.add_argument(
        "--pace", type=pace, metavar="N/UNIT", help="begin that many calls a second, minute, hour or day"
    )
    parser.add_argument("--send-at", type=moment, metavar="TIME", help="when to begin, with an offset")
    parser.add_argument(
        "--validity", type=minutes, metavar="MINUTES", help="how long after the start calls may still be dialled"
    )
    parser.add_argument(
        "--redial",
        type=redial,
        metavar="MIN,MAX,COUNT",
        help="dial again after a failure: minutes to the first, most minutes, how often",
    )
    parser.add_argument("--window", type=window, metavar="DAYS,TIMES", help=HELP)
    parser.add_argument(
        "--ring-timeout",
        type=seconds,
        metavar="SECONDS",
        help="how long it rings before a call counts as not answered",
    )
    parser.add_argument("--call-timeout", type=seconds, metavar="SECONDS", help="end a call after this long")
    parser.add_argument(
        "--pause",
        type=pause,
        metavar="SECONDS",
        help="wait this long after the answer before the first sound, 0 to 10",
    )
    parser.add_argument("--notify-url", metavar="URL", help="where to push the reports; they cannot be fetched then")
    parser.add_argument(
        "--notify-content-type",
        choices=["application/json", "application/xml"],
        metavar="TYPE",
        help="their form: application/json or application/xml",
    )
    parser.add_argument("--notify-content-version", type=int, choices=[1, 2], help="their version: 1 is flat, 2 nested")
    parser.add_argument("--callback-data", metavar="TEXT", help="echoed in the reports")
    parser.add_argument("--record", action="store_true", default=None, help="record the calls")
    parser.add_argument("--batch", type=int, metavar="N", help="calls in one request (default: 500; with --pace: all)")
    parser.add_argument(
        "--connections",
        type=connections,
        default=8,
        metavar="N",
        help="how many requests may be under way at once (default: %(default)s)",
    )
    parser.add_argument("--journal", type=plain_file, metavar="FILE", help="the journal (default: FILE.journal)")
    parser.add_argument(
        "--repeat-uncertain",
        action="store_true",
        help="send again, with the same ids, requests without an answer; dials twice if the platform forgot the ids",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
    parser.add_argument("--no-progress", action="store_true", help="no progress bar on the terminal")
    add_options(parser)
    parser.set_defaults(run=_launch)


def _launch(arguments: argparse.Namespace) -> int:
    # A name need not be UTF-8; what people see and the journal keeps of it has to be.
    shown = os.fsencode(Path(arguments.to).name).decode(errors="backslashreplace")
    name = "standard input" if arguments.to == "-" else shown
    try:
        if arguments.batch is not None and not 1 <= arguments.batch <= MAX_BATCH:
            raise ValueError(f"--batch has to be a number from 1 to {MAX_BATCH}")
        source.check(arguments.to, names_journal=not arguments.journal and not arguments.dry_run)
        with source.opened(arguments.to) as file:
            reading = read_recipients(
                file, column=arguments.column, duplicates=arguments.duplicates, encoding=arguments.encoding
            )
        if arguments.dry_run:
            return _tried(name, reading, arguments)
        if not _is_usable(name, reading, arguments):
            return USAGE
        path = arguments.journal or Path(arguments.to + ".journal")
        if not path.parent.is_dir():
            raise ValueError(f"--journal {path}: there is no folder {path.parent}")
        with Stop() as stop:
            return _run(name, reading, path, stop, arguments)
    except SheetError as error:
        return complain(ValueError(f"{name}: {error}; nothing was sent"))
    except (OSError, ValueError, sqlite3.Error) as error:
        from infobip_voice import ConfigurationError

        if isinstance(error, ConfigurationError):
            return complain(error)
        words = str(error).removesuffix("; nothing was sent")
        return complain(ValueError(f"{words}; nothing was sent"))


def _tried(name: str, reading: Reading, arguments: argparse.Namespace) -> int:
    try:
        return dry_run(name, reading, arguments)
    except BrokenPipeError:
        return REJECTED
    except OSError as error:
        say(f"the result cannot be printed: {error}; nothing was sent")
        return FAILED


def _is_usable(name: str, reading: Reading, arguments: argparse.Namespace) -> bool:
    """Say everything that the file is refused for."""
    refused = reading.refused
    for row, reason in refused.first:
        say(f"{name}, row {row}: {reason}")
    if refused.more:
        say(f"{name}: and {refused.more} more rows")
    if reading.repeated.count and arguments.duplicates == "refuse":
        say(f"{reading.repeated.count} row(s) repeat a number: add --duplicates once, or --duplicates call")
    unknown = bool(reading.ignored and not arguments.ignore_columns)
    if unknown:
        say(
            f"{name} has columns without effect: {', '.join(map(repr, reading.ignored))}. Add --ignore-columns to go on"
        )
    if not refused.count and not unknown and not reading.recipients:
        say(f"{name} has nobody to call")
    if refused.count or unknown or not reading.recipients:
        say("nothing was sent")
        return False
    for sentence in reading.sheet.assumed:
        say(f"{name}: {sentence}")
    if reading.repeated.count and arguments.duplicates == "once":
        rows = ", ".join(f"{row} ({earlier})" for row, earlier in reading.repeated.first)
        say(f"{reading.repeated.count} row(s) repeat the number of an earlier one, and are not called: {rows}")
    return True


def _run(name: str, reading: Reading, path: Path, stop: Stop, arguments: argparse.Namespace) -> int:
    import asyncio  # the other commands do without

    throttle = Throttle(stop)
    run = Run(
        repeat_uncertain=arguments.repeat_uncertain, stop=stop, throttle=throttle, connections=arguments.connections
    )  # fmt: skip

    async def sent() -> int:
        async with voice:
            with progress(sum(before), wanted=not arguments.no_progress) as advance:
                advance(sum(before) - before.unsent - before.uncertain)
                return await run.send(voice, journal, advance)

    trouble = 0
    voice = async_client(arguments, throttle.wait, trace)
    with ExitStack() as stack:
        try:
            journal = stack.enter_context(Journal(path))
            campaign = _planned(journal, _wanted(name, reading, arguments), reading, voice, arguments)
            before = journal.totals()
        except (OSError, sqlite3.Error) as error:
            say(f"the journal {path} failed: {error}; nothing was sent")
            return FAILED
        try:
            trouble = asyncio.run(sent())
        except Stopped:
            pass
        except (OSError, sqlite3.Error) as error:
            trouble = FAILED
            say(f"the journal {path} failed: {error}")
        return _tell(journal, campaign, stop, trouble, sent=run.requests > 0)


def _tell(journal: Journal, campaign: Campaign, stop: Stop, trouble: int, *, sent: bool) -> int:
    try:
        totals = journal.totals()
    except sqlite3.Error:
        return UNCERTAIN if sent else trouble
    code = exit_code(totals, trouble, stop.signal)
    if not sent and not trouble and stop.signal is None:
        say(_at_an_end(totals))
    try:
        show(journal, campaign)
    except BrokenPipeError:
        return code or REJECTED
    except (OSError, ValueError, sqlite3.Error) as error:
        say(f"the result cannot be printed: {error}; see `infobip-voice ivr status {journal.path}`")
        return code or FAILED
    return code


def _at_an_end(totals: Totals) -> str:
    if totals.uncertain:
        return (
            f"all else was sent already; {totals.uncertain} call(s) are uncertain: look for their reports, or send "
            "them once more, with the same ids, by --repeat-uncertain"
        )
    return "this campaign is already finished: nothing was sent. To call everybody again, give another --journal"


def _wanted(name: str, reading: Reading, arguments: argparse.Namespace) -> Campaign:
    options = json.dumps(options_of(arguments), default=str, sort_keys=True)
    return Campaign(server(arguments), account(), name, reading.recipients.digest(), options, "")


def _planned(
    journal: Journal, wanted: Campaign, reading: Reading, voice: "AsyncVoiceClient", arguments: argparse.Namespace
) -> Campaign:
    """Plan the campaign in a new journal, or refuse a journal of another one."""
    known = journal.campaign
    if known is None:
        bulk_id, requests = plan(voice, reading.recipients, arguments)
        campaign = wanted._replace(bulk_id=bulk_id)
        journal.plan(campaign, requests)
        return campaign
    if (known.server, known.account) != (wanted.server, wanted.account):
        raise JournalError(
            f"the journal {journal.path} is of {known.account} at {known.server}, and this is {wanted.account} at "
            f"{wanted.server}: to launch here too, give another --journal; to launch here what was not sent there, "
            f"export it with `infobip-voice ivr status {journal.path} --unsent FILE.csv`"
        )
    if known.recipients != wanted.recipients:
        raise JournalError(
            f"the journal {journal.path} is of other recipients than {wanted.source} names: restore the file, or give "
            "another --journal, which calls everybody in it"
        )
    then, now = json.loads(known.options), json.loads(wanted.options)
    # An option that came with a later version is none of an earlier campaign.
    if changed := [f"--{key}" for key in now if now[key] != then.get(key)]:
        raise JournalError(
            f"the journal {journal.path} is of a launch with other options ({', '.join(changed)}): restore them, or "
            "give another --journal, which calls everybody again"
        )
    return known
