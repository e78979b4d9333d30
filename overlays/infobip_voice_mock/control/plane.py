"""The order in which a request to the control plane is judged, and who acts on it."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec

from infobip_voice_mock.answers import Answer, Refusal
from infobip_voice_mock.authentication import Authentication
from infobip_voice_mock.control import call_handlers, request_handlers, state_handlers, tenant_handlers
from infobip_voice_mock.control.admission import admit
from infobip_voice_mock.control.handling import ControlRequest, Handler
from infobip_voice_mock.control.operations import ControlOperation, find
from infobip_voice_mock.request import Request
from infobip_voice_mock.state_file import StateFile
from infobip_voice_mock.tenants import Tenants
from infobip_voice_mock.turns import LARGE_BYTES, apart
from infobip_voice_wire.media_types import JSON

__all__ = ["HANDLERS", "Control"]

HANDLERS: Final[Mapping[str, Handler]] = {
    **tenant_handlers.HANDLERS,
    **state_handlers.HANDLERS,
    **call_handlers.HANDLERS,
    **request_handlers.HANDLERS,
}
"""The handler of every operation."""

_logger = logging.getLogger("infobip_voice_mock")

_json = msgspec.json.Encoder(decimal_format="number")


class Control:
    """Answers requests below `/_mock/`.

    Args:
        tenants: What the mock keeps for each account.
        authentication: Learns the passwords that are set here.
        token: What `Authorization` has to carry, as `admit` says; None to admit this machine only.
        state_file: Keeps the state of all accounts; None to keep none.

    Attributes:
        tenants: As given.
    """

    def __init__(
        self, tenants: Tenants, authentication: Authentication, token: str | None, state_file: StateFile | None = None
    ) -> None:
        self.tenants = tenants
        self._authentication = authentication
        self._token = token
        self._state_file = state_file

    async def answer(self, request: Request) -> Answer:
        """Answer one request."""
        try:
            if request.path != "/_mock/health":  # whoever waits for the mock may have no token
                admit(request, self._token)
            if request.path in ("/_mock", "/_mock/") or request.path.startswith("/_mock/pages/"):
                # Pages are for people, and most mocks run without any.
                from infobip_voice_mock.control import inspector

                return await inspector.answer(self, request)
            operation, path_values = find(request.method, request.raw_path.removeprefix("/_mock"))
            body: Any = None
            if operation.body is not None:
                if request.media_type() != JSON:
                    raise Refusal.of(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the body has to be {JSON}")
                body = await apart(len(request.body) > LARGE_BYTES, request.value, "")
            value = await self.perform(operation, path_values, request.query, body)
        except Refusal as refusal:
            return refusal.answer(JSON)
        except Exception:
            _logger.exception("an error in the control plane, answered with 500")
            return Refusal.internal_error().answer(JSON)
        if value is None:
            return Answer(HTTPStatus.NO_CONTENT, (), b"")
        return Answer(HTTPStatus.OK, ((b"content-type", JSON.encode()),), _json.encode(value))

    async def perform(
        self, operation: ControlOperation, path_values: Mapping[str, str], query: bytes = b"", body: Any = None
    ) -> Any:
        """Check a request against `control.json`, and do what it asks for.

        Args:
            operation: The operation.
            path_values: The values of the path's parameters.
            query: The query as it was sent.
            body: The body as a JSON value; None if the operation has none.

        Returns:
            The body of the answer as a JSON value; None if it has none.

        Raises:
            Refusal: 400 for what `control.json` does not allow; else what the handler refuses.
        """
        values, violations = operation.query.read(query)
        if operation.body is not None:
            violations = {**violations, **operation.body.violations(body)[0]}
        if violations:
            raise Refusal.bad_request(violations)
        handle = HANDLERS[operation.operation_id]
        return await handle(
            ControlRequest(self.tenants, self._authentication, self._state_file, path_values, values, body)
        )
