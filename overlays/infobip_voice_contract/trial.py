"""One trial of a server, or of an application in this process, with all that belongs to a run."""

import importlib
import inspect
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from infobip_voice_contract.asgi import AsgiTransport
from infobip_voice_contract.clock import Clock
from infobip_voice_contract.credentials import Credentials
from infobip_voice_contract.exchange import Transport
from infobip_voice_contract.journal import Journal
from infobip_voice_contract.run import Progress, Result, run
from infobip_voice_contract.safety import Numbers, is_loopback, target
from infobip_voice_contract.settings import Settings
from infobip_voice_contract.sink import Sink
from infobip_voice_contract.sockets import HttpTransport

__all__ = ["Subject", "application", "server", "trial"]


class Subject(NamedTuple):
    """What is tried.

    Attributes:
        base_url: Where it is; the name of the application if it is in this process.
        transport: Reaches it.
        is_here: Whether it is on this machine, so that it can push to us.
    """

    base_url: str
    transport: Transport
    is_here: bool


def server(base_url: str, credentials: Credentials, *, vendor: bool = False, ca_file: str | None = None) -> Subject:
    """Return a server.

    Args:
        base_url: Where it is.
        credentials: Those of the account.
        vendor: Whether the person agreed to dial real telephones at the vendor's expense.
        ca_file: Certificates to trust instead of the system's.

    Raises:
        ValueError: it is no http or https URL, the vendor's own host, or nobody is there.
    """
    base_url = target(base_url, vendor=vendor)
    transport = HttpTransport(base_url, credentials, ca_file=ca_file)
    unreachable = transport.probe()
    if unreachable:
        raise ValueError(f"{base_url} cannot be reached: {unreachable}")
    return Subject(base_url, transport, is_loopback(base_url))


def application(name: str, credentials: Credentials) -> Subject:
    """Return an ASGI application in this process.

    Args:
        name: `module:name` of the application, or of a function without arguments that makes it.
        credentials: Those of the account.

    Raises:
        ValueError: there is nothing of that name, or it does not start.
    """
    module, colon, attribute = name.partition(":")
    if not (module and colon and attribute):
        raise ValueError(f"{name} has to be module:factory")
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise ValueError(f"there is no module {error.name}, of {name}") from None
    try:
        for part in attribute.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        raise ValueError(f"{module} has no {attribute}: {error}") from None
    app = found() if _is_factory(found) else found
    return Subject(f"asgi://{name}", AsgiTransport(app, credentials, lifespan=True), is_here=True)


def trial(
    subject: Subject,
    settings: Settings,
    numbers: Numbers,
    clock: Clock,
    *,
    journal: Path | None = None,
    progress: Progress = lambda _what, _done, _all: None,
) -> Result:
    """Test a server, and let go of it.

    Args:
        subject: The server.
        settings: How the run goes.
        numbers: Numbers to dial.
        clock: Tells the time, and waits.
        journal: Where to write every exchange; None for nowhere.
        progress: Is told what is under way.

    Raises:
        OSError: the journal cannot be written.
    """
    with ExitStack() as open_ones:
        open_ones.callback(subject.transport.close)
        sink = Sink(clock) if subject.is_here else None
        if sink is not None:
            open_ones.callback(sink.close)
        file = open_ones.enter_context(journal.open("w", encoding="utf-8")) if journal is not None else None
        return run(settings, subject.transport, numbers, clock, Journal(file), sink=sink, progress=progress)


def _is_factory(found: Callable[..., Any]) -> bool:
    try:
        inspect.signature(found).bind()
    except TypeError:
        return False
    return True
