"""The mock as a process: an application on uvicorn, on a socket of its own."""

import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import ssl
import sys
import threading
from typing import NamedTuple

import uvicorn

from infobip_voice_mock.application import Application
from infobip_voice_mock.connection import Connection

__all__ = ["Certificate", "Server", "listen", "url"]


class Certificate(NamedTuple):
    """What the mock shows to clients that speak HTTPS.

    Attributes:
        certfile: The file with the certificate, and those that lead to its authority, in PEM.
        keyfile: The file with its key; None if that is in the same file.
    """

    certfile: str
    keyfile: str | None

    def check(self) -> None:
        """Read the files, as the server does later.

        Raises:
            OSError: A file is missing or cannot be read, or what is in them is no certificate and
                its key without a passphrase.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certfile, self.keyfile, password=lambda: "")  # else OpenSSL would ask a person


MAX_SECONDS_TO_STOP = 2.0
"""So long a mock that is told to stop waits for requests that are under way."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that already accepts connections, so that a client may come at once.

    Args:
        host: The address to bind.
        port: The port to bind; 0 picks a free one.

    Raises:
        OSError: The port is taken, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only if the protocol is named here. With the algorithm,
    # each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def url(listener: socket.socket, certificate: Certificate | None = None) -> str:
    """Return the base URL of the server on that socket."""
    host, port = listener.getsockname()[:2]
    scheme = "http" if certificate is None else "https"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class Server(uvicorn.Server):
    """The mock on a socket. Making one tunes the collector of the process, which has no other task.

    It writes one line of JSON to standard output once it serves requests and a signal would stop it
    gracefully: `{"event": "ready", "base_url": …, "control_url": …}`.

    Args:
        app: The mock.
        listener: The socket to serve.
        certificate: Speak HTTPS, with this certificate; None for HTTP.
    """

    def __init__(self, app: Application, listener: socket.socket, certificate: Certificate | None = None) -> None:
        config = uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ssl_certfile=certificate.certfile if certificate is not None else None,
            ssl_keyfile=certificate.keyfile if certificate is not None else None,
        )
        config.load()
        super().__init__(config)
        self._app = app
        self._listener = listener
        base_url = url(listener, certificate)
        self._ready = {"event": "ready", "base_url": base_url, "control_url": f"{base_url}/_mock/"}
        # What exists now stays, so the collector need not look at it again. A mock keeps what it is
        # given, so looking often finds little.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)

    def serve_until_stopped(self, until_stdin_ends: bool = False) -> None:
        """Serve until a signal stops the process.

        Args:
            until_stdin_ends: Stop at the end of standard input, too.
        """
        # uvicorn stops gracefully on a signal, and then raises it again for others: nobody here.
        if until_stdin_ends:
            threading.Thread(target=_terminate_at_the_end_of_stdin, daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            self.run(sockets=[self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._app.start()
        sys.stdout.write(json.dumps(self._ready) + "\n")
        sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.stop()
        asyncio.get_running_loop().call_later(MAX_SECONDS_TO_STOP, self._abort)
        await super().shutdown(sockets)
        # Now, because uvicorn raises the signal again, which ends the process.
        try:
            self._app.save()
        except OSError as error:
            sys.exit(f"infobip-voice mock: cannot write the state: {error}; the old file is as it was")

    def _abort(self) -> None:
        """Cut off whoever has not sent the whole request, or not read the answer, by now."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _terminate_at_the_end_of_stdin() -> None:
    # Whoever started this process holds the other end of the pipe, and lets go of it however it
    # dies, so that a killed test run leaves no server behind.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
