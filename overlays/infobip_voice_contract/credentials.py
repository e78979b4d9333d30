"""The account's credentials. They exist here and on the wire, and nowhere else."""

import base64
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from infobip_voice_contract.exchange import ACCOUNT, Fields

__all__ = ["LOWER_CASE", "SECOND", "UNKNOWN_USER", "UNPADDED", "WRONG_KEY", "WRONG_PASSWORD", "Credentials", "given"]

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


def given(
    environment: Mapping[str, str],
    *,
    user: str | None = None,
    password: str | None = None,
    api_key: str | None = None,
    bearer: str | None = None,
    headers: Iterable[str] = (),
) -> Credentials:
    """Return the credentials that a person gave; what is not given comes from the environment.

    Args:
        environment: Has `INFOBIP_USERNAME`, `INFOBIP_PASSWORD`, `INFOBIP_API_KEY`.
        user: The username for HTTP Basic.
        password: Its password. A secret that begins with `@` is the name of a file that holds it.
        api_key: A key, for `App`.
        bearer: A token, for `Bearer`.
        headers: Further header fields, each `NAME:VALUE`.

    Raises:
        ValueError: something is missing; the text says what.
        OSError: a file cannot be read.
    """
    user = user or environment.get("INFOBIP_USERNAME")
    password = _secret(password or environment.get("INFOBIP_PASSWORD"))
    key = _secret(api_key or environment.get("INFOBIP_API_KEY"))
    bearer = _secret(bearer)
    if (user is None) != (password is None):
        raise ValueError("a username needs a password: set INFOBIP_PASSWORD, or give --password @FILE")
    if user is None and key is None and bearer is None:
        raise ValueError("no credentials: set INFOBIP_USERNAME and INFOBIP_PASSWORD, or INFOBIP_API_KEY")
    fields: list[tuple[str, str]] = []
    for header in headers:
        name, colon, value = header.partition(":")
        if not colon or not name.strip():
            raise ValueError("--header has to be NAME:VALUE")
        fields.append((name.strip(), _secret(value.strip()) or ""))
    pair = (user, password) if user is not None and password is not None else None
    return Credentials(pair, key, bearer, tuple(fields))


def _secret(text: str | None) -> str | None:
    if text is None or not text.startswith("@"):
        return text
    return Path(text[1:]).read_text(encoding="utf-8").strip("\r\n")


def _basic(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()
