"""The mock as an ASGI application: the order in which a request is judged."""

import asyncio
import logging
import os
import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from infobip_voice_mock.answers import Answer, Refusal
from infobip_voice_mock.asgi import MAX_BODY_BYTES, Receive, Scope, Send, read_request, send_answer, serve_lifespan
from infobip_voice_mock.authentication import DOCUMENTED_USER, Authentication
from infobip_voice_mock.capacity import Capacity, Limits
from infobip_voice_mock.clock import ClockMode
from infobip_voice_mock.control import Control
from infobip_voice_mock.editions import EDITIONS, EditionName
from infobip_voice_mock.pushes import HttpPoster, Poster
from infobip_voice_mock.request import Request
from infobip_voice_mock.request_log import MAX_BODY_BYTES_KEPT, Journal
from infobip_voice_mock.routes import Routes
from infobip_voice_mock.service import Service
from infobip_voice_mock.state import account_state, decode, encode, tenant_of
from infobip_voice_mock.state_file import StateFile
from infobip_voice_mock.tenant import SharedSettings, Tenant, nothing
from infobip_voice_mock.tenants import Tenants
from infobip_voice_mock.validation import UnknownMembers
from infobip_voice_wire.media_types import JSON

__all__ = ["Application", "create_app"]

_logger = logging.getLogger("infobip_voice_mock")


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
) -> "Application":
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
    routes = Routes(Service(new_id or (lambda: str(uuid.uuid4()))), unknown_members)
    return Application(authentication, tenants, routes, control, file)


class Application:
    """Judges a request in the contract's order, and lets it take effect if it passes.

    The order is 404, 405, 401, 413, 406, 415, 400.

    Args:
        authentication: Finds the account of a request.
        tenants: What the mock keeps for each account.
        routes: The voice operations.
        control: The control plane.
        state_file: Keeps the state of all accounts; None to keep none.
    """

    def __init__(
        self,
        authentication: Authentication,
        tenants: Tenants,
        routes: Routes,
        control: Control,
        state_file: StateFile | None = None,
    ) -> None:
        self._authentication = authentication
        self._tenants = tenants
        self._routes = routes
        self._control = control
        self._state_file = state_file
        self._waiting: set[asyncio.Future[None]] = set()
        self._claims: list[int] = []

    def start(self) -> None:
        """Let clocks go on after a restart."""
        self._tenants.start()

    def stop(self) -> None:
        """End what waits on purpose: delayed requests and moves of clocks are refused with 503."""
        self._tenants.stop()
        for waiting in self._waiting:
            _end(waiting)

    def save(self) -> None:
        """Write the state file, if there is one.

        Raises:
            OSError: It cannot be written; the old one is as it was.
        """
        if self._state_file is not None:
            self._state_file.write(encode(account_state(tenant) for tenant in self._tenants))

    def _begin(self) -> None:
        # Under a server of somebody else's, which may have several workers.
        from infobip_voice_mock.workers import claim_addresses

        self._claims = claim_addresses()
        self.start()

    def _finish(self) -> None:
        self.stop()
        self.save()
        for claim in self._claims:
            os.close(claim)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            return await serve_lifespan(receive, send, self._begin, self._finish)
        if scope["type"] != "http":
            raise ValueError(f"the mock speaks HTTP, not {scope['type']}")
        request, whole = await read_request(scope, receive)
        if request.path.startswith("/_mock"):
            return await send_answer(scope, send, await self._control.answer(request)) if whole else None
        if not whole:
            return self._log_refused(request, 0, "the client left before it had sent the whole request")
        return await send_answer(scope, send, await self._answer(request))

    async def _answer(self, request: Request) -> Answer:
        acceptable = request.acceptable()
        # A client that accepts neither form is refused with 406, and until then answered in JSON.
        media_type = acceptable or JSON
        tenant, logged, reason, fault = None, None, "", None
        try:
            route = self._routes.find(request.method, request.path)
            tenant = self._tenants.get(self._authentication.account(request.fields(b"authorization")))
            logged = tenant.log(request)
            request.number = logged.number
            fault = tenant.faults.strike(route.operation_id)
            answer = None
            if fault is not None:
                await self._wait(fault.delay())
                tenant.check()
                answer = fault.before(media_type)
            if answer is None:
                if len(request.body) > MAX_BODY_BYTES and route.method == "POST":
                    text = f"the body is larger than {MAX_BODY_BYTES} bytes"
                    raise Refusal.of(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
                if acceptable is None and route.negotiates:
                    raise Refusal.of(HTTPStatus.NOT_ACCEPTABLE)
                answer = await route.act(tenant, request, media_type)
                answer = answer if fault is None else fault.after(answer, media_type)
        except Refusal as refusal:
            answer, reason = refusal.answer(media_type), refusal.reason()
        except Exception:
            _logger.exception("an error in the mock, answered with 500")
            answer = Refusal.internal_error().answer(JSON)
        if tenant is None or logged is None:
            self._log_refused(request, answer.status, reason)
        else:
            tenant.request_log.end(logged, answer.status, reason, fault.kind if fault is not None else "")
        return answer

    async def _wait(self, seconds: float) -> None:
        """Wait so many seconds, or until the mock stops."""
        if not seconds:
            return
        loop = asyncio.get_running_loop()
        waiting = loop.create_future()
        timer = loop.call_later(seconds, _end, waiting)
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            timer.cancel()
            self._waiting.discard(waiting)

    def note_refusal(self, request: Request, refusal: Refusal) -> None:
        """Log a request that the server has refused, because it could not be read as a whole."""
        self._log_refused(request, refusal.status, refusal.reason())

    def _log_refused(self, request: Request, status: int, reason: str) -> None:
        tenant = self._claimed(request)
        logged = self._tenants.log_stray(request) if tenant is None else tenant.log(request)
        log = self._tenants.strays if tenant is None else tenant.request_log
        log.end(logged, status, reason, "")

    def _claimed(self, request: Request) -> Tenant | None:
        """Return the account that a refused request names, with right credentials or not.

        None if there is no account of that name: a stranger's guesses must not make any.
        """
        name = self._authentication.claimed(request.fields(b"authorization"))
        known = name is not None and (name in self._tenants or self._authentication.knows(name))
        try:
            return self._tenants.get(name) if name is not None and known else None
        except Refusal:  # there are too many accounts
            return None


def _end(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
