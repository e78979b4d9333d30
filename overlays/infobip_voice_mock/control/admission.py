"""Who may use the control plane: this machine, or whoever has the token.

Whoever may use it can read every message, so a web page of another server may not.
"""

import base64
import binascii
import hmac
from http import HTTPStatus
from urllib.parse import urlsplit

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.request import Request
from infobip_voice_wire.loopback import is_loopback

__all__ = ["admit"]

# What a proxy says of whom it asks for, who may be anybody.
_FORWARDED = (b"forwarded", b"x-forwarded-for")

_CHALLENGE = 'Basic realm="Infobip Voice mock: any name, with the control token as password", charset="UTF-8"'


def admit(request: Request, token: str | None) -> None:
    """Let a request pass, or refuse it.

    Args:
        request: A request to the control plane.
        token: What `Authorization: Bearer` has to carry, or the password of `Basic`, which browsers
            send; None to admit this machine only.

    Raises:
        Refusal: 401 for a request without the token; 403 for one from another machine, or from a
            web page of another server.
    """
    hosts = [field.decode("latin-1") for field in request.fields(b"host")]
    if token is not None:
        given = request.fields(b"authorization")
        if len(given) != 1 or not hmac.compare_digest(_given_token(given[0]), token.encode()):
            text = "the control plane of this mock needs its token"
            raise Refusal.of(HTTPStatus.UNAUTHORIZED, text, www_authenticate=_CHALLENGE)
    elif not is_loopback(request.client) or any(request.fields(name) for name in _FORWARDED):
        raise Refusal.of(HTTPStatus.FORBIDDEN, "the control plane answers this machine only, unless it has a token")
    elif not (len(hosts) == 1 and _names_loopback(hosts[0])):
        # An attacker can point a name at 127.0.0.1. A browser then sends the requests of the
        # attacker's page here, but it puts that name into Host.
        raise Refusal.of(HTTPStatus.FORBIDDEN, "the Host field does not name this machine")
    for origin in request.fields(b"origin"):
        if [origin.decode("latin-1").partition("://")[2]] != hosts:
            raise Refusal.of(HTTPStatus.FORBIDDEN, "a page from elsewhere must not drive the mock")


def _given_token(authorization: bytes) -> bytes:
    scheme, _, credential = authorization.partition(b" ")
    if scheme.lower() == b"bearer":
        return credential.strip(b" ")
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(credential.strip(b" "), validate=True).partition(b":")[2]
        except binascii.Error:
            return b""
    return b""


def _names_loopback(host_field: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host_field}").hostname or "")
    except ValueError:  # a bracket that does not close
        return False
