"""One attempt: the request's bytes, and as much of the answer as has arrived. It does no I/O."""

import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Final

from infobip_voice._messages import Outcome, Request

__all__ = ["Headers", "OutOfBounds", "Transfer"]

Headers = list[tuple[bytes, bytes]]

_MAX_CAUSES: Final = 10  # an exception may be its own cause


class OutOfBounds(Exception):
    """One of the client's own bounds ends an attempt."""


class Transfer:
    """One attempt, as both httpx and httpcore carry it out: they iterate over it for the body.

    They ask for the body once the head has been written whole. Until then no server can act on the
    request, so a failure before that, also one on a kept-alive connection that the server had
    closed, is certainly "never sent".

    Attributes:
        request: what is sent.
        ends: when the attempt has to end, by the monotonic clock.
        started: whether the body was asked for.
    """

    _headers: Headers  # with the head of the answer
    _chunks: list[bytes]

    def __init__(self, request: Request, ends: float, max_answer_bytes: int) -> None:
        self.request = request
        self.ends = ends
        self.started = False
        self._max_answer_bytes = self._room = max_answer_bytes
        self._status: int | None = None

    def __iter__(self) -> Iterator[bytes]:
        self.started = True
        yield self.request.content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.started = True
        yield self.request.content

    def answer(self, status: int, headers: Headers, body: bytes = b"") -> None:
        """Take the head of the answer, and of its body what has been read already."""
        self._status, self._headers, self._chunks = status, headers, [body]

    def take(self, chunk: bytes) -> None:
        """Take a piece of the body.

        Raises:
            OutOfBounds: that makes the body larger than it may be. The piece is kept.
        """
        self._chunks.append(chunk)
        self._room -= len(chunk)
        if self._room < 0:
            raise OutOfBounds(f"the answer is larger than max_answer_bytes, {self._max_answer_bytes}")

    def answered(self) -> Outcome:
        """Return the whole answer."""
        return Outcome("answered", self._status, _by_name(self._headers), b"".join(self._chunks))

    def failed(self, error: Exception, final: str, never_sent: bool) -> Outcome:
        """Return how far the attempt came that failed.

        Args:
            error: how; it loses its traceback.
            final: why another attempt would fail alike, if one of our own bounds is the reason;
                else empty.
            never_sent: whether the error says that there was no connection for the request.
        """
        causes = _causes(error)
        for cause in causes:
            # h11 raises an error in a method of that error. The method's frame keeps the error, and
            # the error keeps every frame that waited for the answer: a drain would hold the lock of
            # its spool until the cycle collector comes.
            cause.__traceback__ = None
        # One and the same reset shows as ReadError or as RemoteProtocolError, by race: both are
        # "sent, no verdict".
        # Some errors say nothing, but their cause does; that a task was cancelled is none.
        words = next((str(cause) for cause in causes if str(cause) and isinstance(cause, Exception)), "")
        what = f"{type(error).__name__}: {words}".removesuffix(": ")
        if self._status is not None:
            return self.answered()._replace(phase="cut", failure=f"the answer was cut: {final or what}", final=final)
        if never_sent and not self.started:
            return Outcome("unsent", failure=what, final=_hopeless(causes, what))
        return Outcome("lost", failure=f"no answer: {final or what}", final=final)


def _by_name(headers: Headers) -> dict[str, str]:
    """Return the headers, one that comes several times as a list (RFC 9110, section 5.3)."""
    by_name: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.lower().decode("latin-1"), raw_value.decode("latin-1")
        by_name[name] = f"{by_name[name]}, {value}" if name in by_name else value
    return by_name


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and what it comes from."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    for _ in range(_MAX_CAUSES):
        if cause is None:
            break
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    return causes


def _hopeless(causes: list[BaseException], what: str) -> str:
    """Return why no later attempt can connect either, if that is so."""
    if what.startswith("ProxyError: 407"):
        return "the proxy wants other credentials"  # some lock an account after a few attempts
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "the certificate does not verify"
    return ""
