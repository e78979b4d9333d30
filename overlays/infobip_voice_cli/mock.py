"""`infobip-voice mock`: run the mock."""

import argparse
import re
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from infobip_voice_cli.terminal import at_once
from infobip_voice_cli.values import file_name, plain_file

if TYPE_CHECKING:
    from infobip_voice_contract.faults.mount import Mount
    from infobip_voice_mock.server import Server

__all__ = ["add_parser"]

DESCRIPTION = """\
Run a stateful double of the three voice operations on this machine.

The first line on standard output is one JSON object with the URL to use:
  {"event": "ready", "base_url": "http://127.0.0.1:8080", "control_url": "…"}
Without --user and --api-key there is one account, the documentation's own:
Aladdin with the password "open sesame".
Ctrl-C or SIGTERM stops it. It keeps nothing for the next run unless --state
names a file.
"""

LIMITS = """\
What is kept to be looked at is forgotten first: the oldest messages whose
reports were handed out or pushed, and accounts in which nothing waits. What
waits is never forgotten: a launch for which there is no room is refused with
429.
"""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Add the command to the command line."""
    parser = commands.add_parser(
        "mock", help="run the mock", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=8080, help="the port; 0 picks a free one (default: %(default)s)")
    parser.add_argument(
        "--user", action="append", type=_pair, metavar="NAME:PASSWORD", help="an account; may be given several times"
    )
    parser.add_argument(
        "--api-key",
        action="append",
        type=_pair,
        metavar="NAME:KEY",
        help="a key of an account; may be given several times",
    )
    parser.add_argument(
        "--open-tenants",
        action="store_true",
        help='accept any username with the password "open sesame"; each is an account',
    )
    parser.add_argument(
        "--clock",
        choices=["real", "manual"],
        default="real",
        help="the clock that an account begins with: this machine's, or one that stands still until it is moved "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--edition",
        choices=["seeds", "2026"],
        default="seeds",
        help="the API that an account speaks: that of the documentation's pages of 2017 to 2019, or that of today; "
        "the control plane can change it (default: %(default)s)",
    )
    parser.add_argument(
        "--allow-push-host",
        action="append",
        type=_host,
        default=[],
        metavar="HOST",
        help="push reports to this host, in any case of its letters, and not only to this machine; may be given "
        "several times",
    )
    parser.add_argument(
        "--control-token",
        type=_token,
        metavar="TOKEN",
        help="let whoever sends `Authorization: Bearer TOKEN`, or TOKEN as the password in a browser, use the control "
        "plane; without it only this machine may",
    )
    parser.add_argument(
        "--base-url",
        type=_url,
        metavar="URL",
        help="where clients reach the mock, if not at its own address: the URLs of recordings begin with it",
    )
    parser.add_argument("--certfile", type=file_name, metavar="FILE", help="speak HTTPS with this certificate (PEM)")
    parser.add_argument(
        "--keyfile", type=file_name, metavar="FILE", help="the key of --certfile, if it is not in the same file"
    )
    parser.add_argument(
        "--journal-bytes",
        type=_count,
        default=65_536,
        metavar="N",
        help="keep so many bytes of the body of each request to be looked at; 0 keeps none (default: %(default)s)",
    )
    parser.add_argument(
        "--state",
        type=plain_file,
        metavar="FILE",
        help="read the state of all accounts from this file at start, if it is there, and write it at stop and when "
        "the control plane is asked to; it has telephone numbers and the URLs of pushes in it, and no password or key",
    )
    limits = parser.add_argument_group("limits", LIMITS)
    limits.add_argument(
        "--max-messages",
        type=_positive,
        default=100_000,
        metavar="N",
        help="messages of one account (default: %(default)s)",
    )
    limits.add_argument(
        "--max-megabytes",
        type=_positive,
        default=500,
        metavar="N",
        help="memory for the messages of all accounts together (default: %(default)s)",
    )
    limits.add_argument(
        "--max-accounts", type=_positive, default=10_000, metavar="N", help="accounts (default: %(default)s)"
    )
    parser.add_argument(
        "--unknown-members",
        choices=["refuse", "ignore"],
        default="refuse",
        help="what to do with request members that the contract does not know (default: %(default)s)",
    )
    parser.add_argument(
        "--seeded-fault",
        action="append",
        default=[],
        metavar="ID",
        help="do something wrong on purpose, to see whether your tests notice; may be given several times "
        "(needs the extra contract)",
    )
    parser.add_argument(
        "--list-seeded-faults",
        action="store_true",
        help="list the faults, with what a client should do about each, and exit",
    )
    parser.add_argument(
        "--until-stdin-ends",
        action="store_true",
        help="stop when standard input ends, as a pipe does when the program that started the mock dies",
    )
    parser.set_defaults(run=_run)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("has to be a number from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError("has to be a number from 0 to 999999999")
    return int(text)


def _positive(text: str) -> int:
    if not _count(text):
        raise argparse.ArgumentTypeError("has to be at least 1")
    return int(text)


def _token(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text or not text:
        raise argparse.ArgumentTypeError("has to be one word of ASCII characters: an empty one would admit everyone")
    return text


def _host(text: str) -> str:
    host = text.removeprefix("[").removesuffix("]")
    if not re.fullmatch(r"[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+", host):
        raise argparse.ArgumentTypeError("has to be a name or an address, without a scheme and a port")
    return host


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        right = False
    if not right or "?" in text or "#" in text or "@" in text:
        raise argparse.ArgumentTypeError("has to be http(s)://host[:port][/path]")
    return text.rstrip("/")


def _pair(text: str) -> tuple[str, str]:
    name, colon, secret = text.partition(":")
    if not (name and colon and secret):
        raise argparse.ArgumentTypeError("has to be two words with a colon between them")
    return name, secret


def _list() -> int:
    from infobip_voice_contract.faults import FAULTS

    for fault in FAULTS:
        only = f" (--edition {next(iter(fault.editions))} only)" if len(fault.editions) == 1 else ""
        print(f"{fault.id}{only}\n  {fault.sentence}\n  Your client: {fault.advice}")
    return 0


def _mount(names: list[str], edition: str) -> "Mount | None":
    """Return the faults of these names; None if one is no fault here, which is said."""
    from infobip_voice_contract.faults import FAULTS
    from infobip_voice_contract.faults.mount import Mount

    known = {fault.id: fault for fault in FAULTS}
    unknown = [name for name in names if name not in known]
    for name in unknown:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else "--list-seeded-faults lists them"
        print(f"infobip-voice mock: there is no seeded fault {name}: {hint}", file=sys.stderr)
    chosen = [known[name] for name in names if name in known]
    strange = [fault for fault in chosen if edition not in fault.editions]
    for fault in strange:
        other = next(iter(fault.editions))
        print(f"infobip-voice mock: {fault.id} means something with --edition {other} only", file=sys.stderr)
    return None if unknown or strange else Mount(chosen)


def _run(arguments: argparse.Namespace) -> int:
    with at_once():
        server = _made(arguments)
    if isinstance(server, int):
        return server
    server.serve_until_stopped(arguments.until_stdin_ends)
    return 0


def _made(arguments: argparse.Namespace) -> "int | Server":
    """Return what serves the mock, or the exit code where there is nothing to serve."""
    mount = None
    if arguments.seeded_fault or arguments.list_seeded_faults:
        try:
            if arguments.list_seeded_faults:
                return _list()
            mount = _mount(arguments.seeded_fault, arguments.edition)
        except ModuleNotFoundError as missing:
            print(f"seeded faults need {missing.name}: pip install 'infobip-voice[mock,contract]'", file=sys.stderr)
            return 2
        if mount is None:
            return 2
    try:
        from infobip_voice_mock import create_app
        from infobip_voice_mock.answers import Refusal
        from infobip_voice_mock.capacity import Limits
        from infobip_voice_mock.pushes import HttpPoster
        from infobip_voice_mock.server import Certificate, Server, listen, url
        from infobip_voice_mock.state import StateError
    except ModuleNotFoundError as missing:
        print(f"infobip-voice mock needs {missing.name}: pip install 'infobip-voice[mock]'", file=sys.stderr)
        return 2
    if arguments.keyfile and not arguments.certfile:
        print("infobip-voice mock: --keyfile needs --certfile", file=sys.stderr)
        return 2
    certificate = Certificate(arguments.certfile, arguments.keyfile) if arguments.certfile else None
    try:
        if certificate is not None:
            certificate.check()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        print(f"infobip-voice mock: --certfile and --keyfile are of no use for HTTPS: {reason}", file=sys.stderr)
        return 2
    try:
        listener = listen(arguments.host, arguments.port)
    except (OSError, TypeError) as error:  # the latter for a host that is no name
        reason = getattr(error, "strerror", None) or "it is no name of a host"
        print(
            f"infobip-voice mock: cannot listen on {arguments.host}:{arguments.port}: {reason}; "
            "--port 0 picks a free port",
            file=sys.stderr,
        )
        return 2
    try:
        app: Any = create_app(
            users=dict(arguments.user) if arguments.user else None,
            api_keys={key: name for name, key in arguments.api_key or ()},
            open_tenants=arguments.open_tenants,
            unknown_members=arguments.unknown_members,
            clock=arguments.clock,
            edition=arguments.edition,
            push_hosts=arguments.allow_push_host,
            base_url=arguments.base_url or url(listener, certificate),
            control_token=arguments.control_token,
            poster=mount.poster(HttpPoster()) if mount is not None else None,
            limits=Limits(arguments.max_messages, arguments.max_megabytes, arguments.max_accounts),
            journal_bytes=arguments.journal_bytes,
            state_file=arguments.state,
        )
    except (OSError, StateError, Refusal) as error:
        listener.close()
        reason = error.text if isinstance(error, Refusal) else str(error)
        print(f"infobip-voice mock: cannot use the state file {arguments.state}: {reason}", file=sys.stderr)
        return 2
    if mount is not None:
        print(f"infobip-voice mock: wrong on purpose: {', '.join(arguments.seeded_fault)}", file=sys.stderr)
        app = mount.application(app)
    return Server(app, listener, certificate)
