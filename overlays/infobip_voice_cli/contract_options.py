"""The options of `infobip-voice contract`."""

import argparse
from pathlib import Path

from infobip_voice_cli.values import file_name

__all__ = ["add_output", "add_run", "add_server"]


def add_server(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the server is, and who asks."""
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
    group.add_argument("--ca-file", type=file_name, metavar="FILE", help="certificates to trust")
    group.add_argument(
        "--dial-real-telephones-at-the-vendor",
        action="store_true",
        dest="vendor",
        help="let the vendor's own hosts be tested: real calls, real charges, real reports",
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how the run goes."""
    group = parser.add_argument_group("the run")
    group.add_argument("--destructive", action="store_true", help="launch calls and consume reports")
    group.add_argument("--profile", choices=["quick", "full"], default="quick", help="how much (default: %(default)s)")
    group.add_argument("--seed", type=int, default=0, metavar="N", help="of what is random (default: %(default)s)")
    group.add_argument(
        "--numbers",
        type=file_name,
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


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what becomes of the result."""
    group = parser.add_argument_group("the result; each is also made from a journal by `judge FILE`")
    group.add_argument("--json", type=Path, metavar="FILE", help="write the result as JSON; - for standard output")
    group.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report, a test case for each rule")
    group.add_argument("--html", type=Path, metavar="FILE", help="write one page of HTML that needs nothing else")
    group.add_argument("--summary", type=Path, metavar="FILE", help="append Markdown, as GITHUB_STEP_SUMMARY takes it")
    group.add_argument("--journal", type=Path, metavar="FILE", help="write every exchange, to be judged again")
    group.add_argument(
        "--scripts", type=Path, metavar="DIR", help="write a shell script of curl calls for each failure"
    )
    group.add_argument("--baseline", type=Path, metavar="FILE", help="known deviations, which are no failures")
    group.add_argument(
        "--write-baseline", action="store_true",
        help="write what is broken now to the file of --baseline; reasons and dates in it stay",
    )  # fmt: skip
    group.add_argument("--quiet", action="store_true", help="print failures and the last line alone")


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("has to be a number above 0")
    return number
