"""`infobip-voice completion`: let a shell complete commands and options."""

import argparse
from typing import Any, Final

from infobip_voice_cli.connection import USAGE
from infobip_voice_cli.terminal import say

__all__ = ["add_parser"]

DESCRIPTION: Final = """\
Print the script that lets a shell complete this command's words. It belongs

  bash   in ~/.local/share/bash-completion/completions/infobip-voice
  zsh    in _infobip-voice, in a folder of $fpath
  fish   in ~/.config/fish/completions/infobip-voice.fish
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    parser = commands.add_parser(
        "completion",
        help="print a script for the shell's completion",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=["bash", "zsh", "fish"], help="the shell")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    try:
        import shtab
    except ModuleNotFoundError:
        say("completion needs shtab: pip install 'infobip-voice[cli]'")
        return USAGE
    from infobip_voice_cli import parser

    whole = parser()
    _complete_files(whole, shtab.FILE)
    print(shtab.complete(whole, arguments.shell))
    return 0


def _complete_files(parser: argparse.ArgumentParser, files: Any) -> None:
    for action in parser._actions:  # pyright: ignore[reportPrivateUsage]
        if isinstance(action, argparse._SubParsersAction):  # pyright: ignore[reportPrivateUsage]
            parsers: dict[str, argparse.ArgumentParser] = action.choices  # pyright: ignore
            for each in parsers.values():
                _complete_files(each, files)
        elif str(action.metavar or "").startswith(("FILE", "JOURNAL")):
            action.complete = files  # type: ignore[attr-defined]  # pyright: ignore
