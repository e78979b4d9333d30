"""What the commands that talk to the API have in common: options, exit codes and messages.

These commands import the SDK inside functions, so that the others do not pay for it.
"""

import argparse
import hashlib
import logging
import os
import re
import sys
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from infobip_voice_cli.terminal import say

if TYPE_CHECKING:
    from infobip_voice import AsyncVoiceClient, Attempt, VoiceClient

__all__ = [
    "BROKEN_OFF", "EXIT_CODES", "FAILED", "REJECTED", "UNCERTAIN", "UNSENT", "USAGE", "account", "add_options",
    "add_verbose", "async_client", "client", "code_of", "complain", "in_words", "server",
]  # fmt: skip

REJECTED: Final = 1
USAGE: Final = 2
UNCERTAIN: Final = 3
UNSENT: Final = 4
FAILED: Final = 5
BROKEN_OFF: Final = 6
EXIT_CODES: Final = """\
exit codes:
  0  done
  1  done, but look at the output: a call was rejected, an answer was lost or
     cannot be read, or nobody read the output to its end
  2  a wrong option, file or setting; nothing was sent
  3  a launch was sent, and the answer for some calls is missing: telephones may
     have been dialled
  4  the server cannot be reached or refuses; nothing happened
  5  the spool, the journal or the output failed; no call was made that the
     journal does not know of, and no report is gone
  6  broken off: some calls were made, the others were not; run the same command
     again to go on
  130, 143  stopped by Ctrl-C or SIGTERM, with the rest not sent
"""
_EXCEPTION: Final = re.compile(r"\b[A-Z]\w*(?:Error|Timeout): (?:\[Errno -?\d+\] )?")
_LOSSES: Final = "What that answer carried will not come again. See `infobip-voice spool`."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the connection.

    There is none for credentials: other users of the machine can see the options of a command, but
    not its environment.
    """
    group = parser.add_argument_group(
        "connection", "Credentials: INFOBIP_API_KEY, or INFOBIP_USERNAME and INFOBIP_PASSWORD."
    )
    group.add_argument("--base-url", metavar="URL", help="the account's host (default: INFOBIP_BASE_URL)")
    group.add_argument("--wire-format", choices=["json", "xml"], default="json", help="(default: %(default)s)")
    group.add_argument(
        "--timeout", type=float, default=30.0, metavar="SECONDS", help="the longest silence (default: %(default)s)"
    )
    add_verbose(parser)


def add_verbose(parser: argparse.ArgumentParser) -> None:
    """Add the option that shows the log."""
    parser.add_argument("-v", "--verbose", action="store_true", help="show the log of the connection too")


def client(arguments: argparse.Namespace, sleep: Callable[[float], object] = time.sleep) -> "VoiceClient":
    """Return the client that the options describe.

    Args:
        arguments: the options.
        sleep: waits that many seconds.

    Raises:
        ValueError: a setting is missing or wrong. Nothing was sent.
    """
    from infobip_voice import VoiceClient

    return VoiceClient(**_settings(arguments), sleep=sleep)


def async_client(
    arguments: argparse.Namespace,
    sleep: Callable[[float], Awaitable[object]],
    trace: "Callable[[Attempt], None]",
) -> "AsyncVoiceClient":
    """Return the same for an event loop.

    Args:
        arguments: the options.
        sleep: waits that many seconds.
        trace: called after each attempt.

    Raises:
        ValueError: a setting is missing or wrong. Nothing was sent.
    """
    from infobip_voice import AsyncVoiceClient

    return AsyncVoiceClient(**_settings(arguments), sleep=sleep, trace=trace)


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.verbose:
        logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", level=logging.INFO)
    else:
        # Without a handler Python prints warnings. The command says the same in its words.
        logging.getLogger("infobip_voice").addHandler(logging.NullHandler())
    if not server(arguments):
        raise ValueError("no base URL: give --base-url or set INFOBIP_BASE_URL")
    return {"base_url": server(arguments), "wire_format": arguments.wire_format, "timeout": arguments.timeout}


def server(arguments: argparse.Namespace) -> str:
    """Return the address of the server, written one way; empty if there is none.

    Raises:
        ValueError: it is no address.
    """
    url: str = arguments.base_url or os.environ.get("INFOBIP_BASE_URL") or ""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("--base-url is not a URL; nothing was sent") from None
    return parts._replace(
        scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), path=parts.path.rstrip("/")
    ).geturl()


def account() -> str:
    """Return which account the environment's credentials are of; a key only by a digest."""
    key = os.environ.get("INFOBIP_API_KEY")
    if key:
        return f"API key {hashlib.sha256(key.encode()).hexdigest()[:8]}"
    return f"user {os.environ.get('INFOBIP_USERNAME', '')}"


def complain(error: Exception, advice: str = "") -> int:
    """Say what went wrong in the command's words, and return the exit code for it.

    Args:
        error: what went wrong. Bytes in it that exist nowhere else are shown too.
        advice: what to do, where the command knows better than the kind of error.
    """
    say(in_words(error, advice))
    return code_of(error)


def code_of(error: Exception) -> int:
    """Return the exit code for what went wrong."""
    from infobip_voice import ConfigurationError, LaunchUncertain, NotSent, Refused, SpoolError, VoiceError

    if not isinstance(error, VoiceError) or isinstance(error, ConfigurationError):
        return USAGE
    if isinstance(error, LaunchUncertain):
        return UNCERTAIN
    if isinstance(error, SpoolError):
        return FAILED
    return UNSENT if isinstance(error, NotSent | Refused) else REJECTED


def in_words(error: Exception, advice: str = "") -> str:
    """Return what went wrong in the command's words; the arguments are those of `complain`."""
    from infobip_voice import (
        ConfigurationError,
        LaunchUncertain,
        LaunchUnreadable,
        Refused,
        ReportsUncertain,
        SpoolError,
        Throttled,
        VoiceError,
    )

    if not isinstance(error, VoiceError):
        return str(error)
    # Without what Python calls the exception behind it.
    reason = _EXCEPTION.sub("", str(error.args[0]))
    if isinstance(error, ConfigurationError):
        return f"{reason.replace('base_url', '--base-url')}; nothing was sent"
    if not advice and isinstance(error, LaunchUncertain):
        advice = "The call may have been made: look for its report before you launch it again."
    if not advice and isinstance(error, ReportsUncertain):
        advice = _LOSSES
    status = f" (status {error.status})" if error.status is not None else ""
    lines = [f"{reason}{status}. {advice or error.advice}".rstrip()]
    if isinstance(error, Refused) and not isinstance(error, Throttled):
        lines += [f"  {path}: {text}" for path, texts in error.violations.items() for text in texts][:20]
    if isinstance(error, SpoolError | LaunchUnreadable) and error.body:
        lines[-1] += f" Its bytes in base64: {b64encode(error.body).decode()}"
    return "\n".join(lines)
