"""The mock beside a bare echo: CPU per request, start, idle memory, and how both hold when a million messages have been seen.

    python benchmarks/mock.py [--messages 1000000]

The echo is the least that a JSON server can do in Python: Starlette on uvicorn, without validation, credentials or state. All
servers run in processes of their own and are asked by the same client in turns; CPU is what the kernel charged the server.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

TICKS = os.sysconf("SC_CLK_TCK")
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
uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning", access_log=False)).run(sockets=[listener])
"""


class Server:
    """A server in a process of its own, and one connection to it."""

    def __init__(self, command: list[str]) -> None:
        begun = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        address = urlsplit(json.loads(self.process.stdout.readline())["base_url"])
        self.connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        self.ask("GET", "/tts/3/reports")
        self.start = time.perf_counter() - begun

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self.connection.request(method, path, body, FIELDS)
        response = self.connection.getresponse()
        content = response.read()
        assert response.status == 200, (response.status, content)
        return content

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def cost(self, method: str, path: str, count: int, body: bytes | None = None) -> float:
        """CPU seconds per request."""
        self.connection.close()  # it has been idle while the other server was asked, and may be closed at the far end
        before = self.cpu()
        for _ in range(count):
            self.ask(method, path, body)
        return (self.cpu() - before) / count


@contextmanager
def running(command: list[str]) -> Iterator[Server]:
    server = Server(command)
    try:
        yield server
    finally:
        server.connection.close()
        server.process.terminate()
        server.process.wait()


def mock() -> list[str]:
    return [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0"]


def echo() -> list[str]:
    with running(mock()) as server:
        server.ask("POST", "/voice/ivr/1/messages", json.dumps(LAUNCH).encode())
        return [sys.executable, "-c", ECHO, server.ask("GET", "/tts/3/reports?limit=1").decode()]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=100_000, help="how many messages the long run launches")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    body = json.dumps(LAUNCH).encode()
    count = 1500
    echo_command = echo()
    starts = []
    for _ in range(arguments.rounds):
        with running(mock()) as server:
            starts.append(server.start)
            idle = server.memory()
    print(f"start to first answer   {min(starts):.2f} s (median {statistics.median(starts):.2f})")
    print(f"idle                    {idle:.0f} MB")
    with running(mock()) as ours, running(echo_command) as bare:
        posts, gets = [], []
        for _ in range(arguments.rounds):
            posts.append(
                ours.cost("POST", "/voice/ivr/1/messages", count, body)
                / bare.cost("POST", "/voice/ivr/1/messages", count, body)
            )
            gets.append(
                ours.cost("GET", "/tts/3/reports?limit=1", count) / bare.cost("GET", "/tts/3/reports?limit=1", count)
            )
    for name, ratios in (("POST launch", posts), ("GET reports", gets)):
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"{name}, CPU           {statistics.median(ratios):.2f} x echo ({spread})")
    bulk = {"messages": [{"scenarioId": "S", "destinations": [{"to": "41793026727"}] * 1000}]}
    with running(mock()) as ours:
        early = ours.cost("POST", "/voice/ivr/1/messages", 1000, body)
        for _ in range(arguments.messages // 1000):
            ours.ask("POST", "/voice/ivr/1/messages", json.dumps(bulk).encode())
        late = ours.cost("POST", "/voice/ivr/1/messages", 1000, body)
        print(f"after {arguments.messages:,} messages  {late / early:.2f} x the CPU of the first 1,000 launches")
        print(f"memory then             {ours.memory():.0f} MB")


if __name__ == "__main__":
    main()
