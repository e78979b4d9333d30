"""One command for all of it: `infobip-voice`."""

import argparse
from collections.abc import Sequence

from infobip_voice_cli import ctc, ivr, mock, reports, spool

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: The words after the command's name; by default those of this process.
    """
    parser = argparse.ArgumentParser(
        prog="infobip-voice",
        description="Launch IVRs and clicks to call, fetch one-time reports, and test against a mock.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in (ivr, ctc, reports, spool, mock):
        command.add_parser(commands)
    parsed = parser.parse_args(arguments)
    code: int = parsed.run(parsed)
    return code
