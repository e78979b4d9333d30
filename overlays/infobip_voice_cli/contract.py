"""`infobip-voice contract`: test any server against the contract, or judge recorded traffic."""

import argparse
import os
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from infobip_voice_cli.connection import USAGE
from infobip_voice_cli.contract_options import add_output, add_run, add_server
from infobip_voice_cli.terminal import say
from infobip_voice_cli.values import file_name

if TYPE_CHECKING:
    from infobip_voice_contract.run import Result

__all__ = ["add_parser"]

_NEEDED: Final = ("h11", "jinja2", "jsonschema_rs", "rich", "schemathesis")
DESCRIPTION: Final = """\
Test a server against the contract: requests of every kind, and rules that judge what comes back.

With --destructive calls are launched, to numbers that begin with 999 and belong to no country, and
their reports are consumed. Without it, only requests that a server has to refuse are sent.

`contract judge FILE` judges the exchanges of a journal (--journal) or of a HAR file.

In CI, --junit, --html and --summary show the result, and --baseline names what is known.
"""
EPILOG: Final = """\
credentials:
  INFOBIP_USERNAME and INFOBIP_PASSWORD, or INFOBIP_API_KEY. A value that begins
  with @ is the name of a file that holds it. Others can see the options of a
  command, but not its environment.
exit codes:
  0  all rules hold that could be observed, but for known deviations
  1  a rule is broken, or a required group is open
  2  the server cannot be tested, nothing could be judged, or a file cannot be written
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
    parser.add_argument(
        "judge", nargs="*", type=file_name, metavar="judge FILE", help="judge recorded traffic instead of a server"
    )
    add_server(parser)
    add_run(parser)
    add_output(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        say(f"contract needs {' and '.join(missing)}: pip install 'infobip-voice[contract]'")
        return USAGE
    from infobip_voice_cli.contract_outputs import Outputs

    try:
        outputs = Outputs.of(arguments)
        return outputs.write(_judge(arguments) if arguments.judge else _test(arguments))
    except (ValueError, OSError) as error:
        say(str(error))
        return USAGE


def _judge(arguments: argparse.Namespace) -> "Result":
    from infobip_voice_contract.har import load_har
    from infobip_voice_contract.journal import load
    from infobip_voice_contract.run import judged_recording

    if len(arguments.judge) != 2 or arguments.judge[0] != "judge":
        raise ValueError("expected `contract judge FILE`, or options alone")
    path = Path(arguments.judge[1])
    recording = load_har(path) if path.suffix == ".har" else load(path)
    if arguments.edition is not None:
        recording.facts.edition = arguments.edition
    return judged_recording(recording, arguments.raised, arguments.require)


def _test(arguments: argparse.Namespace) -> "Result":
    from rich.console import Console

    from infobip_voice_contract.clock import SystemClock
    from infobip_voice_contract.credentials import given
    from infobip_voice_contract.display import live
    from infobip_voice_contract.safety import Numbers
    from infobip_voice_contract.settings import Settings
    from infobip_voice_contract.trial import server, trial

    base_url = arguments.base_url or os.environ.get("INFOBIP_BASE_URL")
    if not base_url:
        raise ValueError("no base URL: give --base-url or set INFOBIP_BASE_URL")
    credentials = given(
        os.environ, user=arguments.user, password=arguments.password, api_key=arguments.api_key,
        bearer=arguments.bearer, headers=arguments.header,
    )  # fmt: skip
    numbers = Numbers.of(arguments.numbers)
    subject = server(base_url, credentials, vendor=arguments.vendor, ca_file=arguments.ca_file)
    settings = Settings(
        base_url=subject.base_url,
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
    with _storage(), live(Console(stderr=True), wanted=not arguments.quiet) as progress:
        return trial(subject, settings, numbers, SystemClock(), journal=arguments.journal, progress=progress)


@contextmanager
def _storage() -> Generator[None]:
    """Keep Hypothesis from making a folder where the command runs."""
    name = "HYPOTHESIS_STORAGE_DIRECTORY"
    with TemporaryDirectory() as folder:
        given = os.environ.setdefault(name, folder)
        try:
            yield
        finally:
            if given == folder:
                del os.environ[name]
