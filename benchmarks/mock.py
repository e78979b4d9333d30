"""Measure the mock beside a bare echo server and other mocks: CPU a request, start, memory.

It measures the mock again after a million messages. The echo is the least that a JSON server can do
in Python: Starlette on uvicorn, without validation, credentials or state, once with each of the
parsers that uvicorn has. Prism and Mockoon answer from the contract. Each server runs in its own
process. One client asks them in turns, and the CPU is what the kernel charged the server.
"""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from results import Chart, Row, row

BASIC = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
FIELDS = {"authorization": BASIC, "content-type": "application/json", "accept": "application/json"}
LAUNCH = {"messages": [{"scenarioId": "S", "from": "41793026700", "destinations": [{"to": "41793026727"}]}]}

ECHO = """
import json, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def post(request): return JSONResponse(await request.json())
async def get(request): return JSONResponse(REPORT)
REPORT = json.loads(sys.argv[1])
app = Starlette(routes=[Route("/voice/ivr/1/messages", post, methods=["POST"]), Route("/tts/3/reports", get)])
import socket
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
listener.listen()
print(json.dumps({"base_url": "http://127.0.0.1:%d" % listener.getsockname()[1]}), flush=True)
config = uvicorn.Config(app, http=sys.argv[2], lifespan="off", log_level="warning", access_log=False)
uvicorn.Server(config).run(sockets=[listener])
"""

NODE = Path(__file__).with_name("node_modules")
CONTRACT = str(Path(__file__).parent.parent / "openapi.yaml")
# What to run of other people's mocks, by the package that has it.
HERE = "127.0.0.1"
OTHERS = {
    "@stoplight/prism-cli": ["prism", "mock", CONTRACT, "--host", HERE, "--verboseLevel", "silent", "--port"],
    "@mockoon/cli": [
        "mockoon-cli", "start", "--data", CONTRACT, "--hostname", HERE, "--disable-log-to-file", "--disable-admin-api",
        "--port",
    ],
}  # fmt: skip
REQUESTS = {
    "launch": ("POST", "/voice/ivr/1/messages", json.dumps(LAUNCH).encode()),
    "reports": ("GET", "/tts/3/reports?limit=1", None),
}


class Server:
    """A server in a process of its own, and one connection to it."""

    def __init__(self, command: list[str], port: int | None = None) -> None:
        begun = time.perf_counter()
        # One that logs each request would wait for somebody to read that.
        silent = subprocess.PIPE if port is None else subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=silent, text=True)
        if port is None:  # the server prints its address in its first line
            assert self.process.stdout is not None
            port = urlsplit(json.loads(self.process.stdout.readline())["base_url"]).port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            try:
                self.ask("GET", "/tts/3/reports")
                break
            except ConnectionRefusedError:
                self.connection.close()
                time.sleep(0.01)
        self.start = time.perf_counter() - begun

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self.connection.request(method, path, body, FIELDS)
        response = self.connection.getresponse()
        content = response.read()
        assert response.status == 200, (response.status, content)
        return content

    def cpu(self) -> float:
        """CPU seconds of the main thread, which serves; ticks would be too coarse."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def cost(self, method: str, path: str, count: int, body: bytes | None = None) -> float:
        """CPU seconds per request."""
        self.connection.close()  # idle while the other server was asked, so this server may have closed it
        before = self.cpu()
        for _ in range(count):
            self.ask(method, path, body)
        return (self.cpu() - before) / count


@contextmanager
def running(command: list[str], port: int | None = None) -> Iterator[Server]:
    server = Server(command, port)
    try:
        yield server
    finally:
        server.connection.close()
        server.process.terminate()
        server.process.wait()


def mock() -> list[str]:
    return [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0"]


def echo() -> list[str]:
    """The command of the echo without its parser."""
    with running(mock()) as server:
        server.ask("POST", "/voice/ivr/1/messages", json.dumps(LAUNCH).encode())
        return [sys.executable, "-c", ECHO, server.ask("GET", "/tts/3/reports?limit=1").decode()]


def others(missing: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the command of each other mock that is installed, without its port."""
    for package, (program, *arguments) in OTHERS.items():
        home = NODE / package / "package.json"
        if home.exists():
            yield f"{program.partition('-')[0]} {json.loads(home.read_text())['version']}", [
                str(NODE / ".bin" / program), *arguments,
            ]  # fmt: skip
        else:
            missing.append(package)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def charts(messages: int, missing: list[str], rounds: int = 9, count: int = 100) -> Iterator[Chart]:
    """Yield everything that this module measures, and name what it misses."""
    echo_command, ours, base = echo(), "infobip-voice mock", "echo, with h11"
    commands = {ours: mock(), base: [*echo_command, "h11"], "echo, with httptools": [*echo_command, "httptools"]}
    foreign = dict(others(missing))
    starts: dict[str, list[float]] = {name: [] for name in (ours, base, *foreign)}
    idle: dict[str, list[float]] = {name: [] for name in starts}
    for _ in range(3):
        for name in starts:
            with started(commands, foreign, name) as server:
                starts[name].append(server.start)
                idle[name].append(server.memory())
    costs: dict[str, dict[str, list[float]]] = {request: {} for request in REQUESTS}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(started(commands, foreign, name)) for name in (*commands, *foreign)}
        # Many short turns, because the speed of a machine changes while it is measured.
        for _ in range(rounds):
            for request, (method, path, body) in REQUESTS.items():
                spent = {name: server.cost(method, path, count, body) for name, server in servers.items()}
                for name, seconds in spent.items():
                    costs[request].setdefault(name, []).append(seconds / spent[base])
        bulk = json.dumps({"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727"}] * 1000}]}).encode()
        for _ in range(messages // 1000):
            servers[ours].ask("POST", "/voice/ivr/1/messages", bulk)
            servers[ours].ask("GET", "/tts/3/reports?limit=1000")  # of those that wait it keeps 100,000
        late = f"{ours}, after {messages:,} messages"
        method, path, body = REQUESTS["launch"]
        for _ in range(rounds):
            spent = {name: servers[name].cost(method, path, count, body) for name in (ours, base)}
            costs["launch"].setdefault(late, []).append(spent[ours] / spent[base])
        grown = servers[ours].memory()
    titles = {"launch": "CPU of a launch at a server", "reports": "CPU of fetching a report at a server"}
    for request, found in costs.items():
        rows = tuple(row(name, figures, ours=name.startswith(ours)) for name, figures in found.items())
        yield Chart(f"mock-{request}", titles[request], "× a bare echo", ranked(rows))
    yield Chart(
        "mock-start", "From the command to the first answer", "seconds",
        ranked(tuple(row(name, figures, ours=name == ours) for name, figures in starts.items())),
    )  # fmt: skip
    idle[late] = [grown]
    yield Chart(
        "mock-memory", "Memory of a server without work", "MB",
        ranked(tuple(row(name, figures, ours=name.startswith(ours)) for name, figures in idle.items())),
    )  # fmt: skip


def ranked(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda each: each.median))


@contextmanager
def started(commands: dict[str, list[str]], foreign: dict[str, list[str]], name: str) -> Iterator[Server]:
    """Run a server by its name."""
    if name in commands:
        with running(commands[name]) as server:
            yield server
    else:
        port = free_port()
        with running([*foreign[name], str(port)], port) as server:
            yield server
