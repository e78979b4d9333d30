"""Reports that the platform pushes, stored before they are answered: an ASGI application."""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, Final, cast

from infobip_voice._exchange import Setup
from infobip_voice._log import LOG
from infobip_voice._reports import Filter
from infobip_voice._spool import is_url, make_spool
from infobip_voice.errors import SpoolError

if TYPE_CHECKING:
    from infobip_voice._postgres_spool import PostgresSpool

__all__ = ["PushReceiver"]

MAX_BODY: Final = 1024 * 1024  # a pushed report has one or two KB
MAX_SECONDS: Final = 30.0  # for a body to arrive
_EMPTY: Final = (b"content-length", b"0")
_RETRY_AFTER: Final = (b"retry-after", b"10")
_AUTHENTICATE: Final = (b"www-authenticate", b'Basic realm="reports", charset="UTF-8"')

_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[dict[str, Any]], Awaitable[None]]


class PushReceiver:
    """Store the reports that the platform pushes, and answer 200 once they are on the database's
    disk. A drain of the same spool delivers them with those that it fetches.

    An ASGI application for any server, such as uvicorn; any number of them may share a spool. **A
    push that was stored is not lost, and one that comes again is delivered once**: a repeat has the
    `messageId` and the content of one of the last seven days. One without a `messageId` is never
    taken for a repeat. What cannot be understood is kept in the drain's `unreadable`.

    Nothing proves where a push comes from, so the `notifyUrl` of your launches carries a secret:
    `https://you.example.com/reports/SECRET`, or `https://any:SECRET@you.example.com/reports`, which
    no access log shows. It is compared in constant time.

    Answers: 200 stored, or a repeat. 401 not the secret. 405 no POST. 408 the body took more than
    30 seconds. 413 more than 1 MiB. 503 the database is away; the platform pushes again.

    Args:
        spool: the URL of the PostgreSQL, as for `Reports.drain`, for the reports of all launches.
        secret: what a caller has to know.

    Raises:
        ValueError: the spool is no such URL, or the secret is empty or cannot be part of a path.
        ConfigurationError: the extra `postgres` is not installed.
    """

    def __init__(self, spool: str, *, secret: str) -> None:
        if not isinstance(secret, str) or not secret or "/" in secret:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError("secret has to be a text that is not empty and has no slash")
        if not is_url(spool):
            raise ValueError("spool: a receiver needs the URL of a PostgreSQL; a file belongs to one drain")
        setup = Setup()
        self._spool = cast("PostgresSpool", make_spool(spool, Filter(), setup.now, setup.new_id))
        self._digest = sha256(secret.encode()).digest()

    async def __call__(self, scope: MutableMapping[str, Any], receive: _Receive, send: _Send) -> None:
        """Serve one scope of ASGI: a request, or the lifespan of the server.

        Raises:
            ValueError: a scope of another kind, such as a web socket.
        """
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            status, *headers = await self._serve(scope, receive)
            if status:
                await send({"type": "http.response.start", "status": status, "headers": [_EMPTY, *headers]})
                await send({"type": "http.response.body"})
        else:
            raise ValueError(f"a receiver of reports speaks HTTP, and not {scope['type']}")

    async def _serve(self, scope: Mapping[str, Any], receive: _Receive) -> tuple[Any, ...]:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not self._is_secret_known(scope["path"], headers.get(b"authorization", "")):
            return 401, _AUTHENTICATE
        if scope["method"] != "POST":
            return 405, (b"allow", b"POST")
        body = b""
        try:
            async with asyncio.timeout(MAX_SECONDS):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return (0,)  # nobody waits for an answer
                    body += message.get("body", b"")
                    if len(body) > MAX_BODY:
                        return (413,)
                    more = message.get("more_body", False)
        except TimeoutError:
            return (408,)
        try:
            await asyncio.to_thread(self._store, body, headers.get(b"content-type"), headers.get(b"content-encoding"))
        except SpoolError as error:
            LOG.warning("a push was not stored, and will come again: %s", error.args[0])
            return 503, _RETRY_AFTER
        return (200,)

    def _is_secret_known(self, path: str, authorization: str) -> bool:
        scheme, _, credentials = authorization.partition(" ")
        password = b""
        if scheme.lower() == "basic":
            with suppress(ValueError):  # it is no base64
                password = b64decode(credentials, validate=True).partition(b":")[2]
        offered = path.rpartition("/")[2].encode("utf-8", "surrogatepass"), password
        # Digests are of one length, and both are compared: the time tells nothing.
        matches = [compare_digest(sha256(secret).digest(), self._digest) for secret in offered]
        return any(matches)

    def _store(self, body: bytes, content_type: str | None, content_encoding: str | None) -> None:
        self._spool.open()  # once is enough; a server may have no lifespan
        is_new = self._spool.receive(body, content_type, content_encoding)
        LOG.debug("a push of %d byte(s) was %s", len(body), "stored" if is_new else "a repeat")

    async def _live(self, receive: _Receive, send: _Send) -> None:
        await receive()
        try:
            await asyncio.to_thread(self._spool.open)
        except SpoolError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(self._spool.close)
        await send({"type": "lifespan.shutdown.complete"})
