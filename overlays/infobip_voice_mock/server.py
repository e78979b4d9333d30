"""The mock as a process: an application on uvicorn, on a socket of its own."""

import contextlib
import json
import socket
import sys

import uvicorn

from infobip_voice_mock.application import Application

__all__ = ["listen", "serve"]


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that accepts connections already, so that a client may come as soon as it knows the port.

    Args:
        host: The address to bind.
        port: The port to bind; 0 picks a free one.

    Raises:
        OSError: The port is taken, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def serve(app: Application, listener: socket.socket) -> None:
    """Serve until the process is interrupted or terminated, after one line of JSON on standard output.

    The line is `{"event": "ready", "base_url": …, "control_url": …}`.
    """
    host, port = listener.getsockname()[:2]
    base_url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    ready = {"event": "ready", "base_url": base_url, "control_url": f"{base_url}/_mock/"}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    config = uvicorn.Config(app, lifespan="off", log_level="warning", access_log=False, server_header=False)
    # uvicorn stops gracefully on a signal, and then raises it again for whoever else wants to know: nobody here.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
