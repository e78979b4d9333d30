"""Finds the account of a request by HTTP Basic or an `App` key; one of them is enough."""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus

from infobip_voice_mock.answers import Refusal

__all__ = ["DOCUMENTED_USER", "Authentication"]

DOCUMENTED_USER = ("Aladdin", "open sesame")
"""The documentation's own example: username and password of the account that exists by default."""


class Authentication:
    """Knows the credentials of every account.

    Args:
        users: Passwords by username; the username is the name of the account.
        api_keys: Names of accounts by API key.
        open_tenants: Accept any username that comes with the documented password.
    """

    def __init__(self, users: Mapping[str, str], api_keys: Mapping[str, str], open_tenants: bool) -> None:
        self._given = {name.encode(): password.encode() for name, password in users.items()}
        self._users = dict(self._given)
        self._keys = {key.encode(): name for key, name in api_keys.items()}
        self._open = open_tenants
        # A client sends the same credentials with each request. Only right ones are remembered, so
        # wrong ones are compared each time.
        self._remembered = lru_cache(maxsize=64)(self._account)

    def add(self, name: str, password: str) -> None:
        """Accept that password for the account of that name."""
        self._users[name.encode()] = password.encode()
        self._remembered.cache_clear()

    def reset(self, name: str) -> None:
        """Accept for the account of that name what was accepted in the beginning."""
        given = self._given.get(name.encode())
        if given is None:
            self._users.pop(name.encode(), None)
        else:
            self._users[name.encode()] = given
        self._remembered.cache_clear()

    def account(self, headers: Sequence[bytes]) -> str:
        """Return the name of the account that a request belongs to.

        Comparing takes the same time for a username that exists and for one that does not.

        Args:
            headers: Every `Authorization` field of the request.

        Raises:
            Refusal: 401 for no, several, malformed or wrong credentials. It does not say which of
                these they are.
        """
        if len(headers) != 1:
            raise _unauthorized()
        return self._remembered(headers[0])

    def claimed(self, headers: Sequence[bytes]) -> str | None:
        """Return the name of the account that a request says it is from; None if it names none.

        Nobody has checked the password: this is for the evidence, and opens nothing.
        """
        scheme, _, credential = (headers[0] if headers else b"").strip(b" \t").partition(b" ")
        credential = credential.strip(b" ")
        if scheme.lower() == b"app":
            return self._app_key(credential)
        try:
            name, colon, _ = base64.b64decode(credential, validate=True).partition(b":")
            return name.decode() if scheme.lower() == b"basic" and colon else None
        except (binascii.Error, UnicodeDecodeError):
            return None

    def knows(self, name: str) -> bool:
        """Return whether the account of that name was set up, with a password or a key."""
        return name.encode() in self._users or name in self._keys.values()

    def _account(self, header: bytes) -> str:
        scheme, _, credential = header.strip(b" \t").partition(b" ")
        credential = credential.strip(b" ")
        if scheme.lower() == b"basic":
            name = self._basic(credential)
        elif scheme.lower() == b"app":
            name = self._app_key(credential)
        else:
            name = None
        if not name:
            raise _unauthorized()
        return name

    def _basic(self, credential: bytes) -> str | None:
        try:
            # Strict, because one sample of the documentation lacks its padding, and that is a 401.
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


def _unauthorized() -> Refusal:
    challenge = 'Basic realm="Infobip Voice", charset="UTF-8"'
    return Refusal.of(HTTPStatus.UNAUTHORIZED, "Invalid login details", www_authenticate=challenge)
