"""Puts a mock together from its parts."""

import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from infobip_voice_mock.application import Application
from infobip_voice_mock.authentication import DOCUMENTED_USER, Authentication
from infobip_voice_mock.capacity import Capacity, Limits
from infobip_voice_mock.clock import ClockMode
from infobip_voice_mock.control import Control
from infobip_voice_mock.editions import EDITIONS, EditionName
from infobip_voice_mock.pushes import HttpPoster, Poster
from infobip_voice_mock.request_log import MAX_BODY_BYTES_KEPT, Journal
from infobip_voice_mock.routes import Routes
from infobip_voice_mock.service import Service
from infobip_voice_mock.shared_settings import SharedSettings, nothing
from infobip_voice_mock.state import decode
from infobip_voice_mock.state_file import StateFile
from infobip_voice_mock.tenant_state import tenant_of
from infobip_voice_mock.tenants import Tenants
from infobip_voice_mock.validation import UnknownMembers

__all__ = ["create_app"]


def create_app(
    *,
    users: Mapping[str, str] | None = None,
    api_keys: Mapping[str, str] | None = None,
    open_tenants: bool = False,
    unknown_members: UnknownMembers = "refuse",
    clock: ClockMode = "real",
    edition: EditionName = "seeds",
    push_hosts: Collection[str] = (),
    base_url: str = "https://api.infobip.com",
    control_token: str | None = None,
    now: Callable[[], datetime] | None = None,
    new_id: Callable[[], str] | None = None,
    poster: Poster | None = None,
    limits: Limits | None = None,
    journal_bytes: int = MAX_BODY_BYTES_KEPT,
    state_file: Path | None = None,
) -> Application:
    """Return a new mock, without messages and reports, as an ASGI application.

    Args:
        users: Passwords by username; each username is an account. By default there is one, the
            documentation's own `Aladdin` with `open sesame`, or none if there are API keys.
        api_keys: Names of accounts by API key, for `Authorization: App KEY`.
        open_tenants: Accept every username that comes with the password `open sesame`; each is an
            account.
        unknown_members: What to do with a member of a request that the contract does not know:
            `refuse` the request (R8), or `ignore` the member and log a warning.
        clock: The mode in which the clock of each account begins: `real`, on which dialling and
            talking take no time, or `manual`, which stands still until the control plane moves it.
        edition: The edition that each account speaks until the control plane says otherwise:
            `seeds`, the API of the documentation's pages, or `2026`, the API as it is served today.
        push_hosts: Hosts, besides this machine, that reports may be pushed to.
        base_url: The beginning of the URLs that reports give for recordings. The mock serves the
            recordings at its own address, whatever this says.
        control_token: Let whoever has this token use the control plane, from anywhere; by default
            only this machine may use it. Programs send it as `Authorization: Bearer`, browsers as
            the password of `Basic`.
        now: Returns the present moment, with an offset; by default that of the machine.
        new_id: Returns a new, unique id; by default a UUID.
        poster: Sends a push; by default over HTTP.
        limits: How much the mock keeps. What has been handed out is forgotten first, and what waits
            never: a launch for which there is no room is refused with 429.
        journal_bytes: How many bytes of the body of each request are kept to be looked at; 0 for
            none.
        state_file: A file that keeps the state of all accounts from one run to the next: it is read
            now, if it is there, and written when the mock stops and when the control plane is
            asked to.

    Raises:
        OSError: The state file cannot be read, or its folder not be written.
        StateError: It is no state of this version, or another mock uses it.
        Refusal: What it keeps is more than `limits` allow.
        KeyError: There is no such edition.
    """
    if control_token == "":
        raise ValueError("an empty control token would admit everyone")
    if users is None:
        users = {} if api_keys else dict([DOCUMENTED_USER])
    authentication = Authentication(users, api_keys or {}, open_tenants)
    machine_now = now or (lambda: datetime.now(UTC))
    http_poster = HttpPoster()
    settings = SharedSettings(
        machine_now=machine_now,
        clock_mode=clock,
        base_url=base_url,
        push_hosts=frozenset(host.lower() for host in push_hosts),
        poster=poster or http_poster,
        prepare_pushes=http_poster.prepare if poster is None else nothing,
        journal=Journal(journal_bytes),
        capacity=Capacity(limits or Limits()),
        edition=EDITIONS[edition],
    )
    tenants = Tenants(settings)
    file = None if state_file is None else StateFile(state_file)
    document = None if file is None else file.read()
    for state in () if document is None else decode(document):
        tenants.make_place(state.name)
        tenants.replace(tenant_of(state, state.name, settings))
    control = Control(tenants, authentication, control_token, file)
    routes = Routes(Service(new_id or _new_id), unknown_members)
    return Application(authentication, tenants, routes, control, file)


def _new_id() -> str:
    """Return a random UUID in half the time of `uuid.uuid4`, which costs 3 % of a launch."""
    digits = secrets.token_hex(16)
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
