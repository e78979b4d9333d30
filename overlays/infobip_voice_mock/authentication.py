"""Who is asking: HTTP Basic or an `App` key, either of them enough."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from http import HTTPStatus

from infobip_voice_mock.answers import Refusal

__all__ = ["DOCUMENTED_USER", "Authentication"]

DOCUMENTED_USER = ("Aladdin", "open sesame")
"""The documentation's own example credential, and the account that exists when none is configured."""


class Authentication:
    """Knows the accounts, and finds the one that a header belongs to.

    Args:
        users: Passwords by username. The username is the name of the account.
        api_keys: Account names by key.
        open_tenants: Accept any username that comes with the documented password.
    """

    def __init__(self, users: Mapping[str, str], api_keys: Mapping[str, str], open_tenants: bool) -> None:
        self._users = {name.encode(): password.encode() for name, password in users.items()}
        self._keys = {key.encode(): name for key, name in api_keys.items()}
        self._open = open_tenants

    def add(self, name: str, password: str) -> None:
        """Let an account be used with that password."""
        self._users[name.encode()] = password.encode()

    def account(self, headers: list[bytes]) -> str:
        """Return the name of the account.

        Args:
            headers: Every `Authorization` field of the request.

        Raises:
            Refusal: 401, for none, several, malformed or wrong credentials. It does not say which, and the comparisons
                take the same time for a name that exists and for one that does not.
        """
        if len(headers) == 1:
            scheme, _, credential = headers[0].strip(b" \t").partition(b" ")
            credential = credential.strip(b" ")
            if scheme.lower() == b"basic":
                name = self._basic(credential)
            elif scheme.lower() == b"app":
                name = self._app_key(credential)
            else:
                name = None
            if name:
                return name
        challenge = 'Basic realm="Infobip Voice", charset="UTF-8"'
        raise Refusal.of(HTTPStatus.UNAUTHORIZED, "Invalid login details", www_authenticate=challenge)

    def _basic(self, credential: bytes) -> str | None:
        try:
            # Strict, because the documentation's samples contain one header with its padding cut off: a 401.
            decoded = base64.b64decode(credential, validate=True)
            name, colon, password = decoded.partition(b":")
            text = name.decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        expected = self._users.get(name)
        if expected is None and self._open:
            expected = DOCUMENTED_USER[1].encode()
        right = hmac.compare_digest(password, expected if expected is not None else b"\0")
        return text if right and expected is not None and colon and text else None

    def _app_key(self, credential: bytes) -> str | None:
        found = None
        for key, name in self._keys.items():
            if hmac.compare_digest(credential, key):
                found = name
        return found
