"""Fixtures for pytest: a mock with an account and a clock for each test, and a receiver of pushes.

    def test_nobody_answers(voice_mock, voice_clock):
        with VoiceClient(**voice_mock.credentials) as client:
            client.ivr.launch(scenario_id="S", to=["999103001"], redial=Redial(max_count=2))
            voice_clock.run_until_idle()
            [report] = client.reports.fetch()
            assert not report.delivered

Every pytest run where the package is installed loads this module, so it imports nothing that costs
time or may be missing.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, TypedDict
from urllib.error import HTTPError
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

import pytest

__all__ = ["Credentials", "Receiver", "VoiceClock", "VoiceMock"]

PASSWORD = "open sesame"  # noqa: S105 - the documentation's own


class Credentials(TypedDict):
    """Arguments of a client of the mock."""

    base_url: str
    username: str
    password: str


@cache
def _direct() -> OpenerDirector:
    """Return what opens URLs without a proxy: a proxy in the environment is for other machines."""
    return build_opener(ProxyHandler({}))


class VoiceMock:
    """One account of a running mock.

    Args:
        base_url: The base URL of the mock.
        username: The name of the account.

    Attributes:
        credentials: Keyword arguments for `VoiceClient` and `AsyncVoiceClient`.
    """

    def __init__(self, base_url: str, username: str) -> None:
        self.base_url = base_url
        self.username = username
        self.credentials: Credentials = {"base_url": base_url, "username": username, "password": PASSWORD}

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to the control plane: `control("POST", "faults", {"kind": "throttled"})`.

        Args:
            method: The HTTP method.
            path: The path below the account.
            body: The body as a JSON value; None for no body.

        Returns:
            The answer as a JSON value; None if it has no body.

        Raises:
            ValueError: The control plane refused the request; the text says why.
        """
        url = f"{self.base_url}/_mock/tenants/{self.username}/{path}".rstrip("/")
        data = None if body is None else json.dumps(body).encode()
        request = Request(url, data, {"content-type": "application/json"}, method=method)  # noqa: S310 - our own URL
        try:
            with _direct().open(request) as response:
                answer = response.read()
        except HTTPError as refusal:
            with refusal:
                raise ValueError(f"{method} {path}: {refusal.status} {refusal.read().decode()}") from None
        return json.loads(answer) if answer else None


class VoiceClock:
    """The clock of an account, a manual one: it stands still until it is moved.

    Args:
        mock: The account.
    """

    def __init__(self, mock: VoiceMock) -> None:
        self._mock = mock
        mock.control("PUT", "clock", {"mode": "manual"})

    @property
    def now(self) -> str:
        """The present moment of the account, as ISO 8601."""
        now: str = self._mock.control("GET", "clock")["now"]
        return now

    def advance(self, **distance: int) -> None:
        """Move by `seconds`, `minutes`, `hours` and `days`, added up.

        Everything that falls due on the way happens, in order, before this returns.
        """
        self._mock.control("POST", "clock/advance", distance)

    def run_until_idle(self) -> None:
        """Move from event to event until nothing is due."""
        self._mock.control("POST", "clock/run-until-idle")


class ReceivedPush(NamedTuple):
    """A push that arrived."""

    headers: dict[str, str]
    body: bytes


class Receiver:
    """Receives pushes on this machine, and answers 200 unless it is told another status.

    Attributes:
        url: The `notifyUrl` to give to a launch.
        answers: The statuses with which it answers the next pushes, the first one first.
        received: The pushes that have arrived, the oldest first.
    """

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.received: list[ReceivedPush] = []
        self._arrived: queue.Queue[ReceivedPush] = queue.Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                pushed = ReceivedPush({name.lower(): value for name, value in self.headers.items()}, body)
                receiver.received.append(pushed)
                receiver._arrived.put(pushed)
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/reports"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def next(self, timeout: float = 5.0) -> ReceivedPush:
        """Return the next push, and wait for it if it has not arrived yet.

        On a manual clock, pushes arrive only while the clock is moved.

        Raises:
            queue.Empty: No push arrived within `timeout` seconds.
        """
        return self._arrived.get(timeout=timeout)

    def close(self) -> None:
        """Stop receiving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="session")
def voice_mock_server() -> Iterator[str]:
    """The base URL of a mock on a free port, which runs as long as pytest does."""
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0", "--open-tenants"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            pytest.fail("the mock did not start; it says why above (pip install 'infobip-voice[mock]'?)")
        yield json.loads(line)["base_url"]
        process.terminate()


@pytest.fixture
def voice_mock(voice_mock_server: str) -> Iterator[VoiceMock]:
    """A new account on that mock, which is dropped after the test."""
    mock = VoiceMock(voice_mock_server, f"test-{uuid.uuid4()}")
    yield mock
    mock.control("DELETE", "")


@pytest.fixture
def voice_clock(voice_mock: VoiceMock) -> VoiceClock:
    """The clock of the test's account, which stands still until the test moves it."""
    return VoiceClock(voice_mock)


@pytest.fixture
def voice_pushes() -> Iterator[Receiver]:
    """A receiver of pushes on a free port."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def voice_mock_app() -> Callable[..., Any]:
    """A new mock as an ASGI application, for a client that calls it in process."""
    from infobip_voice_mock import create_app

    return create_app()
