"""The mock as an ASGI application: the order in which a request is judged."""

import asyncio
import logging
import os
from http import HTTPStatus

from infobip_voice_mock.answers import Answer, Refusal
from infobip_voice_mock.asgi import MAX_BODY_BYTES, Receive, Scope, Send, read_request, send_answer, serve_lifespan
from infobip_voice_mock.authentication import Authentication
from infobip_voice_mock.control import Control
from infobip_voice_mock.request import Request
from infobip_voice_mock.routes import Routes
from infobip_voice_mock.state import encode
from infobip_voice_mock.state_file import StateFile
from infobip_voice_mock.tenant import Tenant
from infobip_voice_mock.tenant_state import account_state
from infobip_voice_mock.tenants import Tenants
from infobip_voice_wire.media_types import JSON

__all__ = ["Application"]

_logger = logging.getLogger("infobip_voice_mock")


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
            route = self._routes.find(request)
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
