"""`infobip-voice contract`: test any server against the contract, or judge recorded traffic."""

import argparse
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from infobip_voice_cli.connection import USAGE
from infobip_voice_cli.terminal import say

if TYPE_CHECKING:
    from infobip_voice_contract.credentials import Credentials
    from infobip_voice_contract.run import Result

__all__ = ["add_parser"]

_NEEDED: Final = ("h11", "jsonschema_rs", "rich", "schemathesis")
DESCRIPTION: Final = """\
Test a server against the contract: requests of every kind, and rules that judge what comes back.

With --destructive calls are launched, to numbers that begin with 999 and belong to no country, and
their reports are consumed. Without it, only requests that a server has to refuse are sent.

`contract judge FILE` judges the exchanges of a journal (--journal) or of a HAR file.
"""
EPILOG: Final = """\
credentials:
  INFOBIP_USERNAME and INFOBIP_PASSWORD, or INFOBIP_API_KEY. A value that begins
  with @ is the name of a file that holds it. Others can see the options of a
  command, but not its environment.
exit codes:
  0  all rules hold that could be observed
  1  a rule is broken, or a required group is open
  2  the server cannot be tested, or nothing could be judged
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    parser = commands.add_parser(
        "contract",
        help="test a server against the contract",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("judge", nargs="*", metavar="judge FILE", help="judge recorded traffic instead of a server")
    _add_server(parser)
    _add_run(parser)
    _add_output(parser)
    parser.set_defaults(run=_run)


def _add_server(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the server")
    group.add_argument("--base-url", metavar="URL", help="where it is (default: INFOBIP_BASE_URL)")
    group.add_argument(
        "--edition", choices=["seeds", "2026"], help="the form of the API that it speaks (default: seeds)"
    )
    group.add_argument("--user", metavar="NAME", help="username for HTTP Basic (default: INFOBIP_USERNAME)")
    group.add_argument("--password", metavar="PASSWORD", help="password (default: INFOBIP_PASSWORD)")
    group.add_argument("--api-key", metavar="KEY", help="key for `App` (default: INFOBIP_API_KEY)")
    group.add_argument("--bearer", metavar="TOKEN", help="token for `Bearer`")
    group.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="NAME:VALUE",
        help="a field to send always; may be repeated",
    )
    group.add_argument("--ca-file", metavar="FILE", help="certificates to trust")
    group.add_argument(
        "--dial-real-telephones-at-the-vendor",
        action="store_true",
        dest="vendor",
        help="let the vendor's own hosts be tested: real calls, real charges, real reports",
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the run")
    group.add_argument("--destructive", action="store_true", help="launch calls and consume reports")
    group.add_argument("--profile", choices=["quick", "full"], default="quick", help="how much (default: %(default)s)")
    group.add_argument("--seed", type=int, default=0, metavar="N", help="of what is random (default: %(default)s)")
    group.add_argument(
        "--numbers",
        metavar="FILE",
        help='JSON object of numbers by outcome, {"busy": ["…"]}; `mock` for those of the mock',
    )
    group.add_argument("--rate", type=_positive, metavar="N", help="the most requests a second")
    group.add_argument("--shared", action="store_true", help="others use the account: read only own launches")
    group.add_argument(
        "--foreign", type=Path, metavar="FILE", help="where to keep reports of others that were handed out"
    )
    group.add_argument(
        "--report-within", type=_positive, default=60.0, metavar="S",
        help="how long to wait for the first report, in seconds (default: %(default)g)",
    )  # fmt: skip
    group.add_argument(
        "--deadline", type=_positive, metavar="S", help="end after so many seconds, with what was seen by then"
    )
    group.add_argument(
        "--raise", action="append", default=[], dest="raised", metavar="NAME",
        help="a rule, group or source (`assumption`) whose breach is a failure and no warning; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--require",
        action="append",
        default=[],
        metavar="GROUP",
        help="a group that may not stay inconclusive; may be repeated",
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the result")
    group.add_argument("--json", type=Path, metavar="FILE", help="write the result as JSON; - for standard output")
    group.add_argument("--journal", type=Path, metavar="FILE", help="write every exchange, to be judged again")
    group.add_argument(
        "--scripts", type=Path, metavar="DIR", help="write a shell script of curl calls for each failure"
    )
    group.add_argument("--quiet", action="store_true", help="print failures and the last line alone")


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("has to be a number above 0")
    return number


def _run(arguments: argparse.Namespace) -> int:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        say(f"contract needs {' and '.join(missing)}: pip install 'infobip-voice[contract]'")
        return USAGE
    try:
        if arguments.judge:
            return _judge(arguments)
        return _test(arguments)
    except (ValueError, OSError) as error:
        say(str(error))
        return USAGE


def _judge(arguments: argparse.Namespace) -> int:
    from infobip_voice_contract.har import load_har
    from infobip_voice_contract.journal import load
    from infobip_voice_contract.run import judged_recording

    if len(arguments.judge) != 2 or arguments.judge[0] != "judge":
        raise ValueError("expected `contract judge FILE`, or options alone")
    path = Path(arguments.judge[1])
    recording = load_har(path) if path.suffix == ".har" else load(path)
    if arguments.edition is not None:
        recording.facts.edition = arguments.edition
    return _show(judged_recording(recording, arguments.raised, arguments.require), arguments, ())


def _test(arguments: argparse.Namespace) -> int:
    from rich.console import Console

    from infobip_voice_contract.clock import SystemClock
    from infobip_voice_contract.display import live
    from infobip_voice_contract.journal import Journal
    from infobip_voice_contract.run import run
    from infobip_voice_contract.safety import Numbers, is_loopback, target
    from infobip_voice_contract.settings import Settings
    from infobip_voice_contract.sink import Sink
    from infobip_voice_contract.sockets import HttpTransport

    given = arguments.base_url or os.environ.get("INFOBIP_BASE_URL")
    if not given:
        raise ValueError("no base URL: give --base-url or set INFOBIP_BASE_URL")
    base_url = target(given, vendor=arguments.vendor)
    numbers = Numbers.of(arguments.numbers)
    credentials = _credentials(arguments)
    transport = HttpTransport(base_url, credentials, ca_file=arguments.ca_file)
    unreachable = transport.probe()
    if unreachable:
        say(f"{base_url} cannot be reached: {unreachable}")
        return USAGE
    settings = Settings(
        base_url=base_url,
        edition=arguments.edition or "seeds",
        profile=arguments.profile,
        destructive=arguments.destructive,
        seed=arguments.seed,
        shared=arguments.shared,
        rate=arguments.rate,
        report_within=arguments.report_within,
        deadline=arguments.deadline,
        foreign=arguments.foreign,
        raised=frozenset(arguments.raised),
        required=frozenset(arguments.require),
        placeholders=credentials.placeholders,
    )
    clock = SystemClock()
    sink = Sink(clock) if is_loopback(base_url) else None
    file = arguments.journal.open("w", encoding="utf-8") if arguments.journal else None
    try:
        with live(Console(stderr=True), wanted=not arguments.quiet) as progress:
            found = run(settings, transport, numbers, clock, Journal(file), sink=sink, progress=progress)
    finally:
        transport.close()
        if sink is not None:
            sink.close()
        if file is not None:
            file.close()
    return _show(found, arguments, numbers.whole)


def _credentials(arguments: argparse.Namespace) -> "Credentials":
    from infobip_voice_contract.credentials import Credentials

    user = arguments.user or os.environ.get("INFOBIP_USERNAME")
    password = _secret(arguments.password or os.environ.get("INFOBIP_PASSWORD"))
    key = _secret(arguments.api_key or os.environ.get("INFOBIP_API_KEY"))
    bearer = _secret(arguments.bearer)
    if (user is None) != (password is None):
        raise ValueError("a username needs a password: set INFOBIP_PASSWORD, or give --password @FILE")
    if user is None and key is None and bearer is None:
        raise ValueError("no credentials: set INFOBIP_USERNAME and INFOBIP_PASSWORD, or INFOBIP_API_KEY")
    fields: list[tuple[str, str]] = []
    for header in arguments.header:
        name, colon, value = header.partition(":")
        if not colon or not name.strip():
            raise ValueError("--header has to be NAME:VALUE")
        fields.append((name.strip(), _secret(value.strip()) or ""))
    pair = (user, password) if user is not None and password is not None else None
    return Credentials(pair, key, bearer, tuple(fields))


def _secret(text: str | None) -> str | None:
    if text is None or not text.startswith("@"):
        return text
    return Path(text[1:]).read_text(encoding="utf-8").strip("\r\n")


def _show(found: "Result", arguments: argparse.Namespace, hidden: tuple[str, ...]) -> int:
    from rich.console import Console

    from infobip_voice_contract import curl, display
    from infobip_voice_contract.verdicts import report

    document = report(found.judgements, found.history) | {"complaint": found.complaint, "notes": found.facts.notes}
    to_standard_output = arguments.json is not None and str(arguments.json) == "-"
    if to_standard_output:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    elif arguments.json is not None:
        arguments.json.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if arguments.scripts is not None:
        arguments.scripts.mkdir(parents=True, exist_ok=True)
        for judgement in found.judgements:
            if judgement.verdict in ("fail", "warn") and curl.shown(judgement, found.history):
                text = curl.script(judgement, found.history, base_url=found.facts.base_url, run=found.facts.run)
                (arguments.scripts / f"{judgement.rule.id}.sh").write_text(text, encoding="utf-8")
    console = Console(stderr=to_standard_output, highlight=False, soft_wrap=True)
    shown: Any = display.result(found, hidden=hidden, quiet=arguments.quiet)
    console.print(shown)
    sys.stdout.flush()
    return found.code
