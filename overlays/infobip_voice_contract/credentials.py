"""The account's credentials. They exist here and on the wire, and nowhere else."""

import base64
from collections.abc import Iterable
from typing import Final

from infobip_voice_contract.exchange import ACCOUNT, Fields

__all__ = ["LOWER_CASE", "SECOND", "UNKNOWN_USER", "UNPADDED", "WRONG_KEY", "WRONG_PASSWORD", "Credentials"]

LOWER_CASE: Final = "<account, scheme in lower case>"
SECOND: Final = "<account, in the other scheme>"
UNPADDED: Final = "<account, without its padding>"
WRONG_PASSWORD: Final = "<account, wrong password>"  # noqa: S105
UNKNOWN_USER: Final = "Basic " + base64.b64encode(b"nobody-infobip-voice-contract:open sesame").decode()
WRONG_KEY: Final = "App 00000000000000000000000000000000-00000000-0000-0000-0000-000000000000"
_MASK: Final = "***"


class Credentials:
    """Fills placeholders in on the way out, and masks secrets on the way in.

    Args:
        user: Username and password, for HTTP Basic.
        api_key: A key, for `App`.
        bearer: A token, for `Bearer`.
        headers: Further header fields of every request, such as a gateway's key.
    """

    def __init__(
        self,
        user: tuple[str, str] | None = None,
        api_key: str | None = None,
        bearer: str | None = None,
        headers: Fields = (),
    ) -> None:
        schemes = [f"Basic {_basic(*user)}"] if user else []
        schemes += [f"App {api_key}"] if api_key else []
        schemes += [f"Bearer {bearer}"] if bearer else []
        self._headers = headers
        self._placeholders: dict[str, str] = {}
        if schemes:
            scheme, _, secret = schemes[0].partition(" ")
            self._placeholders = {ACCOUNT: schemes[0], LOWER_CASE: f"{scheme.lower()} {secret}"}
        if len(schemes) > 1:
            self._placeholders[SECOND] = schemes[1]
        if user:
            if _basic(*user).endswith("="):
                self._placeholders[UNPADDED] = f"Basic {_basic(*user).rstrip('=')}"
            self._placeholders[WRONG_PASSWORD] = f"Basic {_basic(user[0], user[1] + '-wrong')}"
        secrets = [*(scheme.partition(" ")[2] for scheme in self._placeholders.values())]
        secrets += [user[1] if user else "", api_key or "", bearer or "", *(value for _, value in headers)]
        self._secrets = sorted({secret for secret in secrets if len(secret) > 2}, key=len, reverse=True)

    def __repr__(self) -> str:
        return f"Credentials({', '.join(self._placeholders)})"

    @property
    def placeholders(self) -> frozenset[str]:
        """The placeholders that can be filled in with what was given."""
        return frozenset(self._placeholders)

    def fill(self, headers: Iterable[tuple[str, str]]) -> Fields:
        """Return header fields as they go out, with secrets."""
        filled = ((name, self._placeholders.get(value, value)) for name, value in headers)
        return (*filled, *self._headers)

    def mask(self, data: bytes) -> bytes:
        """Return bytes of the wire with a mask over every secret."""
        for secret in self._secrets:
            data = data.replace(secret.encode(), _MASK.encode())
        return data


def _basic(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()
