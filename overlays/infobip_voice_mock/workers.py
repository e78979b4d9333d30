"""Keep a second worker from serving the address of a mock."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["REASON", "AddressInUse", "claim_addresses"]

REASON = (
    "another process serves the mock at {address} already: what it keeps is in the memory of one process, so that "
    "with several workers a launch and its reports would be in different ones; run one worker"
)

_MAX_DESCRIPTORS = 256


class AddressInUse(RuntimeError):
    """Another process serves the mock at the same address; the text says why that cannot be."""


def claim_addresses() -> list[int]:
    """Claim the addresses of the sockets on which this process listens.

    A server with several workers hands each of them the same socket before the application starts.
    One that starts alone has none yet, and then the system lets nobody else have its address.

    Returns:
        Descriptors to keep open as long as the addresses are served.

    Raises:
        AddressInUse: Another process has claimed one.
    """
    return [_claim(address) for address in sorted(_listening())]


def _claim(address: str) -> int:
    name = "".join(letter if letter.isalnum() else "-" for letter in address)
    path = Path(tempfile.gettempdir(), f"infobip-voice-mock-{os.getuid()}-{name}.lock")
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise AddressInUse(REASON.format(address=address)) from None
    return lock


def _listening() -> Iterator[str]:
    for descriptor in range(3, _MAX_DESCRIPTORS):
        try:
            copy = socket.socket(fileno=os.dup(descriptor))
        except OSError:  # nothing is open there, or no socket
            continue
        with copy:
            if copy.family in (socket.AF_INET, socket.AF_INET6) and copy.getsockopt(
                socket.SOL_SOCKET, socket.SO_ACCEPTCONN
            ):
                host, port = copy.getsockname()[:2]
                yield f"{host}:{port}"
