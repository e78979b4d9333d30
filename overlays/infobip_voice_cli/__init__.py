"""One command for all of it: `infobip-voice`."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infobip_voice_cli.connection import FAILED, REJECTED
from infobip_voice_cli.terminal import at_once, prepare, say, settle
from infobip_voice_cli.values import path, word

__all__ = ["main", "parser"]


class _Version(argparse.Action):
    """Look the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"infobip-voice {version('infobip-voice')}")
        parser.exit()


class _Parser(argparse.ArgumentParser):
    """Refuses an empty value: another one, such as that of the environment, is not what was meant.

    The parsers of the commands are of the same class.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.register("type", None, word)
        self.register("type", Path, path)

    def add_subparsers(self, **options: Any) -> Any:
        """Leave the words after a command to its own parser, which knows what they are called."""
        commands = super().add_subparsers(**options)
        commands.type = str
        return commands


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    from infobip_voice_cli import completion, contract, ctc, ivr, mock, regenerate, reports, spool

    whole = _Parser(
        prog="infobip-voice",
        description="Launch IVRs and clicks to call, fetch one-time reports, and test against a mock.",
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in (ivr, ctc, reports, spool, mock, contract, regenerate, completion):
        command.add_parser(commands)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: The words after the command's name; by default those of this process.
    """
    prepare()
    code: int
    try:
        with at_once():
            parsed = parser().parse_args(arguments)
        code = parsed.run(parsed)
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = REJECTED  # nobody reads what else there would be to print
    except OSError as error:  # of the output, where the command says no more
        say(str(error))
        code = FAILED
    except SystemExit:  # --help, --version, or words that cannot be understood
        if settle():
            raise
        return REJECTED
    return code if settle() else code or REJECTED
