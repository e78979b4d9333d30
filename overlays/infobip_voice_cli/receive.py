"""`infobip-voice reports receive`: store the reports that the platform pushes."""

import argparse
import contextlib
import json
import os
import socket
import sys
from typing import TYPE_CHECKING, Final

from infobip_voice_cli.connection import EXIT_CODES, FAILED, USAGE, complain
from infobip_voice_cli.terminal import say

if TYPE_CHECKING:
    from infobip_voice import PushReceiver

__all__ = ["add_parser"]

SECRET: Final = "INFOBIP_PUSH_SECRET"  # noqa: S105  the name of the variable
MAX_AT_ONCE: Final = 200  # pushes under way; a receiver that is behind says 503, and they come again
DESCRIPTION = f"""\
Receive the reports of launches with a notifyUrl, and store each in a PostgreSQL
before it is answered with 200. `reports drain` with the same spool delivers them
once, with the reports that it fetches.

{SECRET} is a secret that the notifyUrl carries, as the end of its path or as
a password; no option is for it, since other users of the machine see options:
  https://you.example.com/reports/SECRET
  https://any:SECRET@you.example.com/reports
The platform needs HTTPS: put a proxy in front of this. Any number of receivers
may share a spool.

The first line on standard output is one JSON object with the URL that it listens
on: {{"event": "ready", "url": "http://127.0.0.1:8081"}}. Ctrl-C or SIGTERM stops it.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    parser = commands.add_parser(
        "receive",
        help="store the reports that are pushed",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--spool", required=True, metavar="URL", help="the PostgreSQL: postgresql://…")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8081, help="the port; 0 picks a free one (default: %(default)s)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from infobip_voice import ConfigurationError, PushReceiver

    secret = os.environ.get(SECRET)
    if not secret:
        say(f"set {SECRET} to the secret that your notifyUrl carries")
        return USAGE
    try:
        receiver = PushReceiver(arguments.spool, secret=secret)
    except ConfigurationError as error:
        return complain(error)
    except ValueError as error:
        say(str(error))
        return USAGE
    try:
        family = socket.AF_INET6 if ":" in arguments.host else socket.AF_INET
        listener = socket.create_server((arguments.host, arguments.port), family=family, backlog=2048)
    except (OSError, OverflowError, TypeError) as error:  # the last for a host that is no name
        say(f"cannot listen on {arguments.host} port {arguments.port}: {error}")
        return USAGE
    with listener:
        return _serve(receiver, listener)


def _serve(receiver: "PushReceiver", listener: socket.socket) -> int:
    try:
        import uvicorn
    except ImportError:
        say("this command needs the extra infobip-voice[receiver]")
        return USAGE

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                host, port = listener.getsockname()[:2]
                url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
                sys.stdout.write(json.dumps({"event": "ready", "url": url}) + "\n")
                sys.stdout.flush()

    # No access log: it would show the secret that is in the path.
    config = uvicorn.Config(
        receiver, ws="none", lifespan="on", log_level="warning", access_log=False, server_header=False,
        limit_concurrency=MAX_AT_ONCE,
    )  # fmt: skip
    server = Server(config)
    # uvicorn stops gracefully on a signal, and then raises it again for others: nobody here. It has
    # told already why it cannot start.
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        server.run(sockets=[listener])
    return 0 if server.started else FAILED
