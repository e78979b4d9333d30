"""Run the mock in a process of its own, move its clock and ask its control plane, from any program.

    with running_mock() as mock:
        client = VoiceClient(**mock.credentials)

It needs no pytest; `pytest_plugin` offers the same as fixtures. Every pytest run where the package
is installed loads this module, so it imports nothing that costs time or may be missing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypedDict, TypeVar
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from infobip_voice_mock.evidence import Evidence

__all__ = ["AsyncVoiceClock", "Credentials", "RunningMock", "VoiceClock", "VoiceMock", "running_mock"]

_Value = TypeVar("_Value")

PASSWORD = "open sesame"  # noqa: S105 - the documentation's own

MAX_SECONDS_TO_START = 30.0
MAX_SECONDS_TO_STOP = 10.0
MAX_SECONDS_TO_ANSWER = 30.0
MAX_SECONDS_TO_MOVE = 300.0
"""A move of the clock waits for the receivers of pushes, of which there may be thousands."""


class Credentials(TypedDict):
    """Arguments of a client of the mock.

    Attributes:
        base_url: The base URL of the mock.
        username: The name of the account.
        password: Its password.
    """

    base_url: str
    username: str
    password: str


class VoiceMock(Evidence):
    """One account of a running mock; `calls`, `pushes` and `requests` find what it was sent.

    Args:
        base_url: The base URL of the mock.
        username: The name of the account.

    Attributes:
        credentials: Keyword arguments for `VoiceClient` and `AsyncVoiceClient`.

    Raises nothing when it is made.
    """

    def __init__(self, base_url: str, username: str) -> None:
        super().__init__(lambda path: self._ask("GET", path, None, MAX_SECONDS_TO_ANSWER), username)
        self.base_url = base_url
        self.username = username
        self.credentials: Credentials = {"base_url": base_url, "username": username, "password": PASSWORD}

    def control(self, method: str, path: str, body: Any = None, *, timeout: float = MAX_SECONDS_TO_ANSWER) -> Any:
        """Send a request to the control plane: `control("POST", "faults", {"kind": "throttled"})`.

        Args:
            method: The HTTP method.
            path: The path below the account, percent-encoded.
            body: The body as a JSON value; None for no body.
            timeout: How many seconds to wait for the mock.

        Returns:
            The answer as a JSON value; None if it has no body.

        Raises:
            ValueError: The control plane refused the request; the text says why.
            OSError: The mock did not answer in time, or is gone.
        """
        return self._ask(method, f"{self._account}/{path}".rstrip("/"), body, timeout)

    def _ask(self, method: str, path: str, body: Any, timeout: float) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = Request(self.base_url + path, data, headers, method=method)  # noqa: S310 - our own URL
        # The mock is on this machine, where no proxy of the environment would find it.
        opener = build_opener(ProxyHandler({}))
        try:
            with opener.open(request, timeout=timeout) as response:
                answer = response.read()
        except HTTPError as refusal:
            with refusal:
                asked = path.removeprefix(f"{self._account}/")
                raise ValueError(f"{method} {asked}: {refusal.status} {refusal.read().decode()}") from None
        return json.loads(answer) if answer else None


class VoiceClock:
    """The clock of an account, a manual one: it stands still until it is moved.

    Args:
        mock: The account.

    Raises:
        OSError: The mock did not answer in time, or is gone.
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

        Everything that falls due on the way happens, in order, before this returns. A receiver of
        pushes that lives in the caller's own event loop cannot answer meanwhile: there, use
        `AsyncVoiceClock`.

        Raises:
            ValueError: There is no such unit, or the distance leads beyond the last year.
            OSError: The mock did not answer in time, or is gone.
        """
        self._mock.control("POST", "clock/advance", distance, timeout=MAX_SECONDS_TO_MOVE)

    def run_until_idle(self) -> None:
        """Move from event to event until nothing is due.

        Raises:
            OSError: The mock did not answer in time, or is gone.
        """
        self._mock.control("POST", "clock/run-until-idle", timeout=MAX_SECONDS_TO_MOVE)


class AsyncVoiceClock:
    """A `VoiceClock` whose moves are awaited, so that the caller's event loop goes on meanwhile.

    Args:
        mock: The account.

    Raises:
        OSError: The mock did not answer in time, or is gone.
    """

    def __init__(self, mock: VoiceMock) -> None:
        self._clock = VoiceClock(mock)

    @property
    def now(self) -> str:
        """The present moment of the account, as ISO 8601."""
        return self._clock.now

    async def advance(self, **distance: int) -> None:
        """Move by `seconds`, `minutes`, `hours` and `days`, added up.

        Everything that falls due on the way happens, in order, before this returns.

        Raises:
            ValueError: There is no such unit, or the distance leads beyond the last year.
            OSError: The mock did not answer in time, or is gone.
        """
        await _beside_the_loop(lambda: self._clock.advance(**distance))

    async def run_until_idle(self) -> None:
        """Move from event to event until nothing is due.

        Raises:
            OSError: The mock did not answer in time, or is gone.
        """
        await _beside_the_loop(self._clock.run_until_idle)


class RunningMock:
    """A mock in a process of its own, for a `with` or an `async with` block.

    The process ends with the block, and also when the program that started it dies.

    Args:
        options: Options of `infobip-voice mock`.
    """

    def __init__(self, *options: str) -> None:
        self._command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0", "--until-stdin-ends"]
        self._command += options
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> VoiceMock:
        """Start the process, and return the documentation's account.

        Raises:
            RuntimeError: It did not start; it says why on standard error.
        """
        process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        self._process = process
        patience = threading.Timer(MAX_SECONDS_TO_START, process.kill)
        patience.start()
        line = process.stdout.readline() if process.stdout is not None else ""
        patience.cancel()
        if not line:
            self.stop()
            raise RuntimeError("the mock did not start; it says why above (pip install 'infobip-voice[mock]'?)")
        return VoiceMock(json.loads(line)["base_url"], "Aladdin")

    def stop(self) -> None:
        """Stop the process, if it runs, and wait for its end."""
        if self._process is None:
            return
        with self._process as process:
            process.terminate()
            try:
                process.wait(MAX_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
        self._process = None

    def __enter__(self) -> VoiceMock:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> VoiceMock:
        return await _beside_the_loop(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await _beside_the_loop(self.stop)


def running_mock(*options: str) -> RunningMock:
    """Return a mock for a `with` or an `async with` block, which gets the account `Aladdin`.

    Args:
        options: Options of `infobip-voice mock`, such as `"--clock", "manual"`.

    Raises nothing itself. The block raises `RuntimeError` if the mock does not start.
    """
    return RunningMock(*options)


async def _beside_the_loop(act: Callable[[], _Value]) -> _Value:
    """Do on a thread what blocks."""
    import asyncio  # most test runs never need it

    return await asyncio.to_thread(act)
