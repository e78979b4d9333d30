"""The forms of the pages: each calls one operation of the control plane."""

import hmac
import re
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote

from infobip_voice_mock.answers import Answer, Refusal
from infobip_voice_mock.control.operations import operations

if TYPE_CHECKING:
    from infobip_voice_mock.control.plane import Control

__all__ = ["FORMS", "TOKEN", "submit"]

TOKEN: Final = secrets.token_urlsafe(16)
"""What the forms of this process carry. A page of another site cannot read it, so it cannot submit
a form with the credentials that a browser sends by itself."""

FORMS: Final = frozenset({
    "putClock", "advanceClock", "runClock", "replayPush", "requeueReport", "addFault", "removeFault", "clearFaults",
    "clearRequests", "resetTenant",
})  # fmt: skip
"""The operations that a form may call; the URL of a form ends in the id of its operation."""

_INTEGER: Final = re.compile("-?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}")
_PAGE: Final = re.compile("/_mock/[!-~]*")


async def submit(control: "Control", name: str, operation_id: str, body: bytes) -> Answer:
    """Call the operation of a form, and lead back to the page that it was on.

    The fields `id` and `messageId` go into the path, `page` says where to go back to, `token` has
    to be `TOKEN`, and the others go into the body; an empty field is left out.

    Raises:
        Refusal: 403 for a form of another site or of an earlier process; else what the operation
            refuses.
    """
    operation = operations()[operation_id]
    fields = dict(parse_qsl(body.decode(errors="replace")))
    if not hmac.compare_digest(fields.pop("token", "").encode(), TOKEN.encode()):
        raise Refusal.of(HTTPStatus.FORBIDDEN, "this form is older than the mock that runs now: load its page again")
    page = fields.pop("page", "")
    path_values = {"name": name, "id": fields.pop("id", ""), "messageId": fields.pop("messageId", "")}
    value = {field: _value(text) for field, text in fields.items()} if operation.body is not None else None
    await control.perform(operation, path_values, body=value)
    # Only a page of this mock: another place in the field would make this a redirect to anywhere.
    back = page if _PAGE.fullmatch(page) else f"/_mock/pages/{quote(name, safe='')}"
    return Answer(HTTPStatus.SEE_OTHER, ((b"location", back.encode()),), b"")


def _value(text: str) -> Any:
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
