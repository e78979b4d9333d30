"""A running mock without pytest, and clocks that do not block the loop that they are moved from."""

import asyncio
import socket
import subprocess
import sys
import threading

import pytest

from infobip_voice import AsyncVoiceClient, VoiceClient
from infobip_voice_mock import running_mock
from infobip_voice_mock.receiver import Receiver
from infobip_voice_mock.running import AsyncVoiceClock, VoiceClock, VoiceMock

SYNC = """
import sys
from infobip_voice_mock import running_mock
with running_mock("--clock", "manual") as mock:
    print(mock.username, mock.control("GET", "clock")["mode"], "pytest" in sys.modules)
"""
ASYNC = """
import asyncio, sys
from infobip_voice_mock import running_mock
async def main():
    async with running_mock("--clock", "manual") as mock:
        print(mock.username, mock.control("GET", "clock")["mode"], "pytest" in sys.modules)
asyncio.run(main())
"""
KILLED = """
import os, signal
from infobip_voice_mock import running_mock
with running_mock() as mock:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("program", [SYNC, ASYNC])
def test_a_program_that_knows_no_pytest(program):
    """It gets the documented account of a mock with its options, which ends with the block."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr, done.returncode) == ("Aladdin manual False\n", "", 0)


def test_a_killed_program_leaves_no_server():
    """The mock holds the other end of our pipe, so the pipe ends when the mock does."""
    program = subprocess.Popen([sys.executable, "-c", KILLED], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    _, errors = program.communicate(timeout=20)
    assert (errors, program.returncode) == (b"", -9)


def test_a_mock_that_does_not_start():
    """It says why, and the error what may be missing."""
    with (
        pytest.raises(RuntimeError, match=r"the mock did not start.*infobip-voice\[mock\]"),
        running_mock("--port", "x"),
    ):
        pytest.fail("it did start")


def test_a_receiver_in_the_loop_that_moves_the_clock(voice_mock):
    """The loop goes on while the clock moves, so the receiver answers and the push is delivered."""

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    async def scenario() -> None:
        server = await asyncio.start_server(receive, "127.0.0.1", 0)
        async with server, AsyncVoiceClient(**voice_mock.credentials) as client:
            clock = AsyncVoiceClock(voice_mock)
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            await client.ivr.launch(scenario_id="S", to=["41793026727"], notify_url=url)
            before = clock.now
            await clock.advance(minutes=1)
            await clock.run_until_idle()
            assert clock.now > before

    asyncio.run(scenario())
    [push] = voice_mock.control("GET", "pushes")
    assert (push["state"], [attempt["status"] for attempt in push["attempts"]]) == ("delivered", [200])


def test_a_control_helper_has_a_time_limit():
    """A server that says nothing is not waited for beyond it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mock = VoiceMock(f"http://127.0.0.1:{silent.getsockname()[1]}", "Aladdin")
        with pytest.raises(OSError, match="timed out"):
            mock.control("GET", "clock", timeout=0.01)


def test_a_name_with_a_slash(voice_mock_server):
    """Any username can be addressed."""
    mock = VoiceMock(voice_mock_server, "team/ci ä?#%2F")
    with VoiceClient(**mock.credentials) as client:
        client.ivr.launch(scenario_id="S", to=["41793026727"])
    assert [call["to"] for call in mock.control("GET", "calls")] == ["41793026727"]
    clock = VoiceClock(mock)
    clock.advance(minutes=1)
    assert mock.control("DELETE", "") is None


def test_a_receiver_of_many_pushes_at_once():
    """Five hundred connections that come at once are all answered, none waits for a place."""
    receiver = Receiver()
    port = int(receiver.url.split(":")[2].split("/")[0])
    request = b"POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\nx"
    connections = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(500)]
    for connection in connections:
        connection.sendall(request)
    answers = {connection.recv(100).split(b"\r\n")[0] for connection in connections}
    for connection in connections:
        connection.close()
    receiver.close()
    assert answers == {b"HTTP/1.0 200 OK"}
    assert [push.body for push in receiver.received] == [b"x"] * 500
    assert threading.active_count() < 500


def test_a_mock_of_today():
    """`--edition` says which API its accounts speak, also after a reset."""
    with running_mock("--edition", "2026") as mock:
        assert mock.control("GET", "")["edition"] == "2026"
        mock.control("PUT", "", {"edition": "seeds"})
        mock.control("DELETE", "")
        assert mock.control("GET", "")["edition"] == "2026"
