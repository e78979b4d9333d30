"""`infobip-voice ctc launch`: connect two telephones."""

import argparse
import json
from typing import Any, Final

from infobip_voice_cli.connection import EXIT_CODES, REJECTED, UNCERTAIN, add_options, client, complain

__all__ = ["add_parser"]

DESCRIPTION = """\
Dial A; when A answers, dial B and connect the two. This dials telephones and is charged.

Prints one JSON object with the ids, even when the answer is lost, which is exit code 3. Look for
the report of the call then, and do not run the command again before you know what happened.
"""
_TEXTS: Final = {
    "from": "the number that A sees",
    "from-b": "the number that B sees",
    "text": "a text to speak to A before B is dialled",
    "language": "the language of the text",
    "audio-file-url": "an audio file to play to A before B is dialled",
    "notify-url": "where to push the report",
    "message-id": "an id for the call",
    "bulk-id": "an id for the launch",
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
    for name, text in _TEXTS.items():
        dest = "from_" if name == "from" else name.replace("-", "_")
        parser.add_argument(f"--{name}", dest=dest, required=name == "from", help=text)
    parser.add_argument("--max-duration", type=int, metavar="SECONDS", help="end the connected call after this long")
    parser.add_argument("--warning-time", type=int, metavar="SECONDS", help="beep this long before the end")
    parser.add_argument(
        "--anonymization", action="store_true", default=None, help="show B the number of --from, not A's"
    )
    parser.add_argument("--record", action="store_true", default=None, help="record the call")
    add_options(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from infobip_voice import VoiceError

    names = ["destination_a", "destination_b", "max_duration", "warning_time", "anonymization", "record"]
    names += ["from_" if name == "from" else name.replace("-", "_") for name in _TEXTS]
    options: dict[str, Any] = {name: getattr(arguments, name) for name in names}
    try:
        with client(arguments) as voice:
            prepared = voice.click_to_call.prepare(**options)
            try:
                launch = voice.click_to_call.send(prepared)
            except VoiceError as error:
                return complain(error)
            finally:
                # Printed even when the answer is lost: by the ids the user can look for the call.
                ids = {"bulkId": prepared.bulk_id, "messageIds": prepared.message_ids}
                print(json.dumps(ids), flush=True)
    except ValueError as error:
        return complain(error)
    for entry in launch.rejected:
        print(json.dumps({"messageId": entry.message_id, "rejected": entry.status.name}))
    return UNCERTAIN if launch.unlisted else REJECTED if launch.rejected else 0
