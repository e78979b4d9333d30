"""The mock as a process: its first line, its port, its end, and eight readers at once."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

import asgi

COMMAND = [sys.executable, "-m", "infobip_voice_cli", "mock"]
ROUNDS = int(os.environ.get("ONE_WINNER_ROUNDS", "100"))
READERS = 8


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield process
    process.terminate()
    process.communicate(timeout=10)


def ready(process: subprocess.Popen[str]) -> dict[str, str]:
    line: dict[str, str] = json.loads(process.stdout.readline())
    return line


def connect(base_url: str) -> http.client.HTTPConnection:
    address = urlsplit(base_url)
    return http.client.HTTPConnection(address.hostname, address.port, timeout=30)


def call(connection, method, path, body=None, **fields):
    headers = {"authorization": asgi.BASIC, **{name.replace("_", "-"): value for name, value in fields.items()}}
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read()


def launch(connection, *names: str) -> None:
    destinations = [{"to": "41793026727", "messageId": name} for name in names]
    body = json.dumps({"bulkId": "B", "messages": [{"scenarioId": "S", "destinations": destinations}]})
    status, _ = call(connection, "POST", "/voice/ivr/1/messages", body, content_type="application/json")
    assert status == 200


def test_the_first_line_says_where_it_is(server):
    """One JSON object goes to standard output, and from then on the mock answers."""
    line = ready(server)
    assert line["event"] == "ready"
    assert line["control_url"] == line["base_url"] + "/_mock/"
    with closing(connect(line["base_url"])) as connection:
        status, body = call(connection, "GET", "/_mock/health")
        assert (status, json.loads(body)["status"]) == (200, "ok")
        status, body = call(connection, "HEAD", "/tts/3/reports")
        assert (status, body) == (405, b"")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_to(server, end):
    """Ctrl-C and SIGTERM end it without a message."""
    ready(server)
    server.send_signal(end)
    _, errors = server.communicate(timeout=10)
    assert server.returncode in (0, -end)
    assert errors == ""


def test_a_port_that_is_taken(server):
    """The error says what to do, and the exit code is 2."""
    port = urlsplit(ready(server)["base_url"]).port
    second = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=10)
    assert second.returncode == 2
    assert second.stdout == ""
    assert f"cannot listen on 127.0.0.1:{port}" in second.stderr
    assert "--port 0 picks a free port" in second.stderr


@pytest.mark.parametrize(
    ("host", "reason"), [(b"\xff", "it is no name of a host"), (b"a..b", "Name or service not known")]
)
def test_a_host_that_is_no_name(host, reason):
    """It is refused in a sentence, like one that is not of this machine."""
    done = subprocess.run([*COMMAND, "--host", os.fsdecode(host)], capture_output=True, text=True, timeout=10)
    assert done.returncode == 2
    assert "cannot listen on " in done.stderr
    assert reason in done.stderr


def test_accounts_from_the_command_line():
    """`--user` replaces the documented account; a word without a colon is refused."""
    wrong = subprocess.run([*COMMAND, "--user", "nocolon"], capture_output=True, text=True, timeout=10)
    assert wrong.returncode == 2
    assert "two words with a colon between them" in wrong.stderr


def test_eight_readers_and_one_winner(server):
    """However many ask at once, each report goes to exactly one of them."""
    base_url = ready(server)["base_url"]
    taken: list[list[str]] = [[] for _ in range(READERS)]
    # Half of the readers ask for XML, and each uses a different filter that matches the one report.
    queries = ["", "?limit=1", "?bulkId=B", "?bulkId=B&limit=7"]
    barrier = threading.Barrier(READERS + 1, timeout=60)

    def read(index: int) -> None:
        accept = "application/xml" if index % 2 else "application/json"
        with closing(connect(base_url)) as connection:
            for _ in range(ROUNDS):
                barrier.wait()
                status, body = call(connection, "GET", "/tts/3/reports" + queries[index // 2], accept=accept)
                assert status == 200
                taken[index].append(body.decode())
                barrier.wait()

    readers = [threading.Thread(target=read, args=(index,)) for index in range(READERS)]
    for reader in readers:
        reader.start()
    with closing(connect(base_url)) as connection:
        for number in range(ROUNDS):
            launch(connection, f"report-{number}-of-rounds")
            barrier.wait()
            barrier.wait()
    for reader in readers:
        reader.join(timeout=60)
    for number in range(ROUNDS):
        winners = [answers[number] for answers in taken if f"report-{number}-of-rounds" in answers[number]]
        assert len(winners) == 1, f"round {number}: {len(winners)} readers got the report"


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_nobody_keeps_it_from_stopping(server, end):
    """Not a silent socket, half a head, half a body, a delayed request, or a move of a clock."""
    base_url = ready(server)["base_url"]
    address = urlsplit(base_url)
    account = "/_mock/tenants/Aladdin"
    fields = {"content_type": "application/json"}
    with closing(connect(base_url)) as control, socket.create_server(("127.0.0.1", 0)) as silent:
        notify = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        call(control, "PUT", f"{account}/clock", '{"mode":"manual"}', **fields)
        message = {"scenarioId": "S", "destinations": [{"to": "41793026727"}], "notifyUrl": notify}
        call(control, "POST", "/voice/ivr/1/messages", json.dumps({"messages": [message]}), **fields)
        call(control, "POST", f"{account}/faults", '{"kind":"latency","seconds":60}', **fields)
        waiting = [socket.create_connection((address.hostname, address.port), timeout=10) for _ in range(5)]
        requests = [
            b"",
            b"GET / HTTP/1.1\r\nHos",
            b"POST /voice/ivr/1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nx",
            f"GET /tts/3/reports HTTP/1.1\r\nHost: x\r\nAuthorization: {asgi.BASIC}\r\n\r\n".encode(),
            f"POST {account}/clock/run-until-idle HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n".encode(),
        ]
        for connection, request in zip(waiting, requests, strict=True):
            connection.sendall(request)
        push, _ = silent.accept()  # so the clock moves, and the requests before it have arrived
        server.send_signal(end)
        answers = []
        for connection in waiting:
            with connection, contextlib.suppress(ConnectionResetError):
                answers.append(connection.recv(100)[9:12])
        push.close()
    _, errors = server.communicate(timeout=10)
    assert errors == ""
    assert server.returncode in (0, -end)
    assert answers[-2:] == [b"503", b"503"]


def run(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "--port", "0", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_restart_with_its_state(tmp_path, end):
    """What was launched before the stop is fetched after the start, in the same order."""
    options = ("--state", str(tmp_path / "state.json"))
    with run(*options) as first:
        with closing(connect(ready(first)["base_url"])) as connection:
            launch(connection, "a", "b", "c")
            assert call(connection, "GET", "/tts/3/reports?messageId=b")[0] == 200
        first.send_signal(end)
        assert first.communicate(timeout=20)[1] == ""
    with run(*options) as second:
        with closing(connect(ready(second)["base_url"])) as connection:
            _, body = call(connection, "GET", "/tts/3/reports")
        second.terminate()
    assert [report["messageId"] for report in json.loads(body)["results"]] == ["a", "c"]


def test_a_state_that_cannot_be_written_at_the_end(tmp_path):
    """The mock says so and exits with 1; the old file is as it was."""
    folder = tmp_path / "folder"
    folder.mkdir()
    with run("--state", str(folder / "state.json")) as process:
        ready(process)
        folder.rename(tmp_path / "moved")
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.startswith("infobip-voice mock: cannot write the state: ")
    assert errors.endswith("; the old file is as it was\n")


def test_a_second_worker_is_refused():
    """Two processes that share a socket would each keep half of what is launched: it says so."""
    with socket.create_server(("127.0.0.1", 0)) as shared:
        command = [sys.executable, "-m", "uvicorn", "--factory", "infobip_voice_mock:create_app"]
        command += ["--lifespan", "on", "--fd", str(shared.fileno())]
        options = {"pass_fds": [shared.fileno()], "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, **options) as first:
            for line in first.stderr:
                if "startup complete" in line:
                    break
            second = subprocess.run(command, pass_fds=[shared.fileno()], capture_output=True, text=True, timeout=30)
            first.terminate()
            first.communicate(timeout=20)
    assert second.returncode != 0
    assert "another process serves the mock at 127.0.0.1:" in second.stderr
    assert "run one worker" in second.stderr
