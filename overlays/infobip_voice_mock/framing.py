"""Where the body of a request ends: after so many bytes, or after its last chunk (RFC 9112, 7).

Chunks are read as strictly as heads are: what two readers may understand in two ways is refused.
"""

import re
from http import HTTPStatus
from typing import Final, Protocol

from infobip_voice_mock.answers import Refusal
from infobip_voice_mock.head import FIELD, MAX_HEAD_BYTES

__all__ = ["Chunks", "Framing", "Length"]

MAX_LINE_BYTES: Final = 4096
"""A longer line between two chunks is refused."""

_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[^\x00-\x08\x0a-\x1f\x7f]*)?")


class Framing(Protocol):
    """Tells the bytes of a body from what stands between and after them.

    Attributes:
        ended: Whether the end of the body has been seen.
    """

    ended: bool

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        """Return what `data` has of the body, and what is left of it.

        What is left is to be given again, with what arrives next; after the end it is no longer of
        this request.

        Raises:
            Refusal: 400 if this cannot be a body.
        """
        ...


class Length(Framing):
    """A body of so many bytes."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.ended = not length

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        piece = data[: self._left]
        self._left -= len(piece)
        self.ended = not self._left
        return piece, data[len(piece) :]


class Chunks(Framing):
    """A body that comes in chunks; their extensions and the trailer are read and dropped."""

    def __init__(self) -> None:
        self.ended = False
        self._left = 0  # of the chunk that is being read
        self._read_line = self._read_size
        self._trailer_bytes = 0

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        pieces: list[bytes] = []
        at = 0
        while not self.ended:
            if self._left:
                piece = data[at : at + self._left]
                pieces.append(piece)
                self._left -= len(piece)
                at += len(piece)
                if self._left:
                    break
            end = data.find(b"\n", at)
            if (end if end >= 0 else len(data)) - at > MAX_LINE_BYTES:
                raise _malformed(f"a line between them is longer than {MAX_LINE_BYTES} bytes")
            if end < 0:
                break
            if not data.endswith(b"\r", at, end):
                raise _malformed("a line ends with LF alone, and not with CR LF")
            self._read_line(data[at : end - 1])
            at = end + 1
        return b"".join(pieces), data[at:]

    def _read_size(self, line: bytes) -> None:
        size = _SIZE.fullmatch(line)
        if size is None:
            raise _malformed("one does not begin with its size in hexadecimal digits")
        self._left = int(size[1], 16)
        self._read_line = self._read_end if self._left else self._read_trailer

    def _read_end(self, line: bytes) -> None:
        if line:
            raise _malformed("one is longer than its size")
        self._read_line = self._read_size

    def _read_trailer(self, line: bytes) -> None:
        self._trailer_bytes += len(line)
        if line and not FIELD.fullmatch(line):
            raise _malformed("a line after the last one is not `name: value`")
        if self._trailer_bytes > MAX_HEAD_BYTES:
            raise _malformed(f"what follows the last one is larger than {MAX_HEAD_BYTES} bytes")
        self.ended = not line


def _malformed(text: str) -> Refusal:
    return Refusal.of(HTTPStatus.BAD_REQUEST, f"the chunks of the body are malformed: {text}")
