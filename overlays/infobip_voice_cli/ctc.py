"""`infobip-voice ctc launch`: connect two telephones."""

import argparse
import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from infobip_voice_cli.connection import (
    EXIT_CODES,
    FAILED,
    REJECTED,
    UNCERTAIN,
    account,
    add_options,
    client,
    complain,
    server,
)
from infobip_voice_cli.output import write_synced
from infobip_voice_cli.stop import Stop, Stopped
from infobip_voice_cli.terminal import emit, say
from infobip_voice_cli.values import plain_file
from infobip_voice_cli.window import HELP, window

if TYPE_CHECKING:
    from infobip_voice import Launch

__all__ = ["add_parser"]

DESCRIPTION = """\
Dial A; when A answers, dial B and connect the two. This dials telephones and is
charged.

Before it sends anything, it prints one JSON object with the ids and appends it
to a file, by default ctc.jsonl in the folder infobip-voice of $XDG_STATE_HOME or
~/.local/state. If the answer is lost, which is exit code 3, look for the report
of the call, and do not run the command again before you know what happened.
"""
_TEXTS: Final = {
    "from": ("NUMBER", "the number that A sees"),
    "from-b": ("NUMBER", "the number that B sees"),
    "text": ("TEXT", "a text to speak to A before B is dialled"),
    "language": ("CODE", "the language of the text, such as en"),
    "audio-file-url": ("URL", "an audio file to play to A before B is dialled"),
    "notify-url": ("URL", "where to push the report"),
    "message-id": ("ID", "an id for the call"),
    "bulk-id": ("ID", "an id for the launch"),
}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    group = commands.add_parser("ctc", help="launch a click to call").add_subparsers(required=True, metavar="COMMAND")
    parser = group.add_parser(
        "launch",
        help="connect two telephones",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("destination_a", metavar="A", help="the telephone that is dialled first")
    parser.add_argument("destination_b", metavar="B", help="the telephone that A is connected with")
    for name, (metavar, text) in _TEXTS.items():
        dest = "from_" if name == "from" else name.replace("-", "_")
        parser.add_argument(f"--{name}", dest=dest, required=name == "from", metavar=metavar, help=text)
    parser.add_argument("--voice", metavar="NAME", help="the voice that speaks the text")
    parser.add_argument("--voice-gender", choices=["female", "male"], help="the language's first voice of it speaks")
    parser.add_argument(
        "--machine-detection", choices=["hangup"], help="hang up on a machine that answers A, and do not dial B"
    )
    parser.add_argument("--window", type=window, metavar="DAYS,TIMES", help=HELP)
    parser.add_argument(
        "--notify-content-version", type=int, choices=[1, 2], help="the version of the pushed report: 1 flat, 2 nested"
    )
    parser.add_argument("--max-duration", type=int, metavar="SECONDS", help="end the connected call after this long")
    parser.add_argument("--warning-time", type=int, metavar="SECONDS", help="beep this long before the end")
    parser.add_argument(
        "--anonymization", action="store_true", default=None, help="show B the number of --from, not A's"
    )
    parser.add_argument("--record", action="store_true", default=None, help="record the call")
    parser.add_argument("--journal", type=plain_file, metavar="FILE", help="where the ids are kept")
    add_options(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from infobip_voice import VoiceError
    from infobip_voice_client.models import Voice
    from infobip_voice_client.types import UNSET

    names = ["destination_a", "destination_b", "max_duration", "warning_time", "anonymization", "record"]
    names += ["machine_detection", "window", "notify_content_version"]
    names += ["from_" if name == "from" else name.replace("-", "_") for name in _TEXTS]
    options: dict[str, Any] = {name: getattr(arguments, name) for name in names}
    if arguments.voice or arguments.voice_gender:
        options["voice"] = Voice(arguments.voice_gender or UNSET, arguments.voice or UNSET)
    try:
        path = arguments.journal or _default_journal()
        stop = Stop()
        with client(arguments, stop.sleep) as voice:
            prepared = voice.click_to_call.prepare(**options)
            ids = {"bulkId": prepared.bulk_id, "messageIds": list(prepared.message_ids)}
            where = {"server": server(arguments), "account": account()}
            _keep(path, {"time": datetime.now(UTC).isoformat(timespec="seconds"), **ids, **where})
            emit(ids)
            try:
                with stop:  # whoever asks to stop hears whether the call is made
                    return _told(voice.click_to_call.send(prepared), path, ids)
            except VoiceError as error:
                code = complain(error)
                _note(path, {**ids, "failed": type(error).__name__})
                return code
            except Stopped:
                say("the call may have been made: look for its report before you launch it again")
                _note(path, {**ids, "failed": "interrupted"})
                return UNCERTAIN
    except OSError as error:  # of the journal, or of the output
        say(f"{error}; nothing was sent")
        return FAILED
    except ValueError as error:
        return complain(error)


def _told(launch: "Launch", path: Path, ids: dict[str, Any]) -> int:
    """Note and print what an answer says, and return the exit code for it."""
    accepted = [entry.message_id for entry in launch.accepted]
    rejected = {entry.message_id: entry.status.name for entry in launch.rejected}
    _note(path, {**ids, "accepted": accepted, "rejected": rejected, "unlisted": list(launch.unlisted)})
    try:
        for name, status in rejected.items():
            emit({"messageId": name, "rejected": status})
    except BrokenPipeError:
        return UNCERTAIN if launch.unlisted else REJECTED
    except OSError as error:
        say(f"the result cannot be printed: {error}; it is in {path}")
        return UNCERTAIN if launch.unlisted else FAILED
    if launch.unlisted:
        say("the answer leaves the call out: it may have been made all the same")
    return UNCERTAIN if launch.unlisted else REJECTED if rejected else 0


def _default_journal() -> Path:
    """Return where the ids are kept if the user does not say.

    Raises:
        ValueError: the user has no home, as in some containers.
    """
    try:
        state = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".local" / "state"
    except RuntimeError:
        raise ValueError("there is no home folder to keep the ids in: name a --journal; nothing was sent") from None
    return Path(state) / "infobip-voice" / "ctc.jsonl"


def _keep(path: Path, document: dict[str, Any]) -> None:
    """Append a line to a file, and have it on the disk.

    Raises:
        ValueError: the file has something else in it, such as the journal of a campaign.
        OSError: it is not on the disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    try:
        if os.pread(file, 1, 0) not in (b"", b"{"):
            raise ValueError(f"{path} has something else in it than ids: give another --journal; nothing was sent")
        size = os.fstat(file).st_size
        torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"  # by a full disk
        line = json.dumps(document).encode() + b"\n"
        write_synced(file, b"\n" + line if torn else line, path)
    finally:
        os.close(file)


def _note(path: Path, document: dict[str, Any]) -> None:
    """Append what became of a call; if that fails, its ids are there already."""
    with suppress(OSError, ValueError):
        _keep(path, document)
