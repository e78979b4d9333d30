"""Proxies over real sockets: what they are told, what they hide, and what their refusals mean."""

import asyncio
import base64
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from infobip_voice import NotSent
from sdk.clients import BOTH, client, settle
from sdk.lossy_server import LossyServer, lossy_server, server_context

USER = "us%40er:pa%3Ass@"  # in a URL: a name with an @, and a password with a colon
BASIC = "Basic " + base64.b64encode(b"us@er:pa:ss").decode()
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Relay:
    """A proxy that connects through to one server: it speaks CONNECT, or SOCKS5.

    It answers CONNECT with `answer`, and keeps in `seen` what it was asked.
    """

    def __init__(self, server: LossyServer, answer: bytes, certificate: Path | None) -> None:
        self.seen: list[bytes] = []
        self._server = server
        self._answer = answer
        self._context = certificate and server_context(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self._listener.accept()[0],), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with suppress(OSError), self._context.wrap_socket(plain, server_side=True) if self._context else plain as peer:
            asked = peer.recv(65536)
            self.seen.append(asked)
            if asked.startswith(b"\x05"):  # RFC 1928, and RFC 1929 for credentials
                method = asked[2:3]
                peer.sendall(b"\x05" + method)
                if method == b"\x02":
                    self.seen.append(peer.recv(65536))
                    peer.sendall(b"\x01\x00")
                self.seen.append(peer.recv(65536))
                peer.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            else:
                peer.sendall(self._answer)
                if self._answer != ESTABLISHED:
                    return
            with socket.create_connection(("127.0.0.1", self._server.port)) as server:
                back = threading.Thread(target=_copy, args=(server, peer), daemon=True)
                back.start()
                _copy(peer, server)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def relay(server: LossyServer, answer: bytes = ESTABLISHED, certificate: Path | None = None) -> Iterator[Relay]:
    proxy = Relay(server, answer, certificate)
    try:
        yield proxy
    finally:
        proxy.close()


def launch(kind: str, url: str, proxy: str, **options: Any) -> None:
    async def scenario() -> None:
        async with client(kind, url, proxy=proxy, **options) as voice:
            await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))

    asyncio.run(scenario())


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate.with_suffix(".crt"))


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize("kind", BOTH)
def test_a_proxy_that_forwards(kind: str, over_tls: bool, certificate: Path) -> None:
    """It gets the whole URL and credentials of its own, beside those for the server."""
    with lossy_server(certificate=certificate if over_tls else None) as proxy:
        address = proxy.url.replace("://", f"://{USER}")
        launch(kind, "http://voice.example/to", address, verify=trusting(certificate))
        (seen,) = proxy.seen
    assert seen.target == "http://voice.example/to/voice/ivr/1/messages"
    assert seen.headers["host"] == "voice.example"
    assert seen.headers["proxy-authorization"] == BASIC
    assert seen.headers["authorization"].startswith("Basic QWxhZGRpbjpv")


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize("kind", BOTH)
def test_a_proxy_that_connects_through(kind: str, over_tls: bool, certificate: Path) -> None:
    """It learns where to and its own credentials, and nothing of what is said there."""
    with (
        lossy_server(certificate=certificate) as server,
        relay(server, certificate=certificate if over_tls else None) as proxy,
    ):
        scheme = "https" if over_tls else "http"
        launch(kind, server.url, f"{scheme}://{USER}{proxy.address}", verify=trusting(certificate))
        assert len(server.launched) == 1
        assert "proxy-authorization" not in server.seen[0].headers
        (asked,) = proxy.seen
    first, *headers = asked.decode().splitlines()
    assert first == f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"
    assert f"Proxy-Authorization: {BASIC}" in headers
    assert not [line for line in headers if line.lower().startswith("authorization")]


@pytest.mark.parametrize(("status", "attempts"), [(b"407 Proxy Authentication Required", 1), (b"503 Busy", 3)])
@pytest.mark.parametrize("kind", BOTH)
def test_a_proxy_that_does_not_connect_through(kind: str, status: bytes, attempts: int, certificate: Path) -> None:
    """Nothing was sent. Wrong credentials are not tried again: some lock an account."""
    refusal = b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n"
    with lossy_server(certificate=certificate) as server, relay(server, refusal) as proxy:
        with pytest.raises(NotSent, match=f"ProxyError: {status.decode()}"):
            launch(kind, server.url, f"http://{proxy.address}", verify=trusting(certificate))
        assert len(proxy.seen) == attempts
        assert server.seen == []


@pytest.mark.parametrize("kind", BOTH)
def test_a_tunnel_without_tls_keeps_no_place(kind: str, certificate: Path) -> None:
    """However often it fails, the error says why, and not that all connections are in use."""

    async def scenario(url: str, proxy: str) -> None:
        async with client(kind, url, proxy=proxy, max_connections=1, timeout=2.0) as voice:
            for _ in range(3):
                with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
                    await settle(voice.ivr.launch(scenario_id="s", to="41793026727"))

    with lossy_server(certificate=certificate) as server, relay(server) as proxy:
        asyncio.run(scenario(server.url, f"http://{proxy.address}"))
        assert len(proxy.seen) == 3


@pytest.mark.parametrize("user", ["", "u:p@"])
@pytest.mark.parametrize("kind", BOTH)
def test_a_proxy_of_socks(kind: str, user: str, caplog: pytest.LogCaptureFixture) -> None:
    """With the package that it needs, a launch goes through it; no log shows the credentials."""
    caplog.set_level(logging.DEBUG)
    with lossy_server() as server, relay(server) as proxy:
        launch(kind, server.url, f"socks5://{user}{proxy.address}")
        assert len(server.launched) == 1
    methods, *credentials, where = proxy.seen
    assert methods == b"\x05\x01" + (b"\x02" if user else b"\x00")
    assert credentials == ([b"\x01\x01u\x01p"] if user else [])
    assert where.endswith(server.port.to_bytes(2, "big"))
    assert "setup_socks5_connection" in caplog.text
    assert ("auth=('***', '***')" if user else "auth=None") in caplog.text
