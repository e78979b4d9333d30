"""The receiver of pushes takes them in whatever way HTTP lets a server send them."""

import socket
from urllib.parse import urlsplit

import pytest

from contract_kit.running import FakeClock
from infobip_voice_contract.sink import Sink

BODY = b'{"results": [{"messageId": "m1"}]}'
WAYS = {
    "with a length": (b"Content-Length: %d\r\n" % len(BODY), BODY),
    "in one chunk": (b"Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "in chunks": (
        b"Transfer-Encoding: Chunked\r\n",
        b"5;name=value\r\n%s\r\n%X\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (BODY[:5], len(BODY) - 5, BODY[5:]),
    ),
}


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("way", WAYS)
def test_pushes_are_kept_with_their_bodies(way, method):
    """Two pushes on one connection, each whole, each with its method; rules judge the rest."""
    fields, body = WAYS[way]
    sink = Sink(FakeClock())
    try:
        parts = urlsplit(sink.url)
        with socket.create_connection((parts.hostname, parts.port), 10) as connection:
            stream = connection.makefile("rb")
            for _ in range(2):
                head = b"%s /push HTTP/1.1\r\nHost: sink\r\n%s\r\n" % (method.encode(), fields)
                connection.sendall(head + body)
                assert stream.readline().split()[1] == b"200"
                while stream.readline().strip():
                    pass
        requests = [push.request for push in sink.take()]
    finally:
        sink.close()
    assert [(each.method, each.target, each.body) for each in requests] == [(method, "/push", BODY)] * 2
