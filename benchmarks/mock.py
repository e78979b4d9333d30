"""Measure the mock beside a bare echo server: CPU per request, time to start, memory.

    python benchmarks/mock.py [--messages 1000000] [--prism benchmarks/node_modules/.bin/prism]

It measures the mock again after `--messages` messages. The echo is the least that a JSON server can
do in Python: Starlette on uvicorn, without validation, credentials or state, once with each of the
parsers that uvicorn has. Each server runs in its own process. One client asks them in turns, and
the CPU is what the kernel charged the server.
"""

import argparse
import http.client
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

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

PARSERS = {"h11": "with h11", "httptools": "with httptools"}


class Server:
    """A server in a process of its own, and one connection to it."""

    def __init__(self, command: list[str], port: int | None = None) -> None:
        begun = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        if port is None:  # the server prints its address in its first line
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


def beside(server: Server, echoes: dict[str, Server], rounds: int, count: int) -> None:
    """Print what a request costs a server, as a multiple of what it costs each echo."""
    body = json.dumps(LAUNCH).encode()
    cases = [
        ("POST launch", "POST", "/voice/ivr/1/messages", body),
        ("GET reports", "GET", "/tts/3/reports?limit=1", None),
    ]
    ratios: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for name, method, path, content in cases:
            cost = server.cost(method, path, count, content)
            for parser, bare in echoes.items():
                ratios.setdefault((name, parser), []).append(cost / bare.cost(method, path, count, content))
    for (name, parser), found in ratios.items():
        spread = f"({min(found):.2f} to {max(found):.2f})"
        print(f"  CPU, {name:<14}    {statistics.median(found):5.2f} x the echo {PARSERS[parser]} {spread}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=100_000, help="how many messages the long run launches")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--prism", help="measure this Prism too: the path of its command")
    arguments = parser.parse_args()
    body = json.dumps(LAUNCH).encode()
    echo_command = echo()
    starts, idle = [], 0.0
    for _ in range(arguments.rounds):
        with running(mock()) as server:
            starts.append(server.start)
            idle = server.memory()
    print("the mock")
    print(f"  start to first answer  {min(starts):5.2f} s (median {statistics.median(starts):.2f})")
    print(f"  idle                   {idle:5.0f} MB")
    with (
        running(mock()) as ours,
        running([*echo_command, "h11"]) as h11,
        running([*echo_command, "httptools"]) as tools,
    ):
        # Many short turns, because the speed of a machine changes while it is measured.
        beside(ours, {"h11": h11, "httptools": tools}, 10 * arguments.rounds, 150)
    bulk = {"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727"}] * 1000}]}
    with running(mock()) as ours:
        early = ours.cost("POST", "/voice/ivr/1/messages", 1000, body)
        for _ in range(arguments.messages // 1000):
            ours.ask("POST", "/voice/ivr/1/messages", json.dumps(bulk).encode())
        late = ours.cost("POST", "/voice/ivr/1/messages", 1000, body)
        growth = f"{late / early:.2f} x one of the first, {ours.memory():.0f} MB"
        print(f"  a launch after {arguments.messages:,} messages costs {growth}")
    if arguments.prism:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [arguments.prism, "mock", "--host", "127.0.0.1", "--port", str(port), "--verboseLevel", "silent"]
        with running([*command, "openapi.yaml"], port) as prism, running([*echo_command, "h11"]) as bare:
            print("Prism")
            print(f"  start to first answer  {prism.start:5.2f} s")
            print(f"  idle                   {prism.memory():5.0f} MB")
            beside(prism, {"h11": bare}, 3, 200)


if __name__ == "__main__":
    main()
