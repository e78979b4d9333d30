"""What the commands that talk to the API have in common: the connection's options and exit codes.

These commands import the SDK inside functions, so that the others do not pay for it.
"""

import argparse
import sys
from base64 import b64encode
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infobip_voice import VoiceClient

__all__ = ["EXIT_CODES", "FAILED", "REJECTED", "UNCERTAIN", "UNSENT", "USAGE", "add_options", "client", "complain"]

REJECTED: Final = 1
USAGE: Final = 2
UNCERTAIN: Final = 3
UNSENT: Final = 4
FAILED: Final = 5
EXIT_CODES: Final = """\
exit codes:
  0  done
  1  done, but look at the output: a call was rejected, an answer was lost, a report cannot be read
  2  a wrong option, file or setting; nothing was sent
  3  a launch was sent, and the answer for some calls is missing: telephones may have been dialled
  4  the server cannot be reached or refuses; nothing happened
  5  the spool failed
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the connection.

    There is none for credentials: other users of the machine can see the options of a command, but
    not its environment.
    """
    group = parser.add_argument_group(
        "connection", "Credentials are read from INFOBIP_API_KEY, or INFOBIP_USERNAME and INFOBIP_PASSWORD."
    )
    group.add_argument("--base-url", metavar="URL", help="the account's host (default: INFOBIP_BASE_URL)")
    group.add_argument("--wire-format", choices=["json", "xml"], default="json", help="(default: %(default)s)")
    group.add_argument(
        "--timeout", type=float, default=30.0, metavar="SECONDS", help="the longest silence (default: %(default)s)"
    )


def client(arguments: argparse.Namespace) -> "VoiceClient":
    """Return the client that the options describe."""
    from infobip_voice import VoiceClient

    return VoiceClient(
        base_url=arguments.base_url, wire_format=arguments.wire_format, timeout=arguments.timeout
    )  # fmt: skip


def complain(error: Exception) -> int:
    """Print an error, with the bytes that exist nowhere else, and return the exit code for it."""
    from infobip_voice import (
        ConfigurationError,
        LaunchUncertain,
        LaunchUnreadable,
        NotSent,
        Refused,
        SpoolError,
        VoiceError,
    )

    text = f"infobip-voice: {error}"
    if isinstance(error, SpoolError | LaunchUnreadable) and error.body:
        text += f" Its bytes in base64: {b64encode(error.body).decode()}"
    print(text, file=sys.stderr)
    if isinstance(error, ConfigurationError) or not isinstance(error, VoiceError):
        return USAGE
    if isinstance(error, LaunchUncertain):
        return UNCERTAIN
    if isinstance(error, SpoolError):
        return FAILED
    return UNSENT if isinstance(error, NotSent | Refused) else REJECTED
