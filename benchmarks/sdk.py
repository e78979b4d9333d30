"""Measure what the SDK costs, as ratios within one run.

    python benchmarks/sdk.py [--calls N]

* One call: CPU of a whole call of the SDK (ids, models, policy, capture, reading), divided by that
  of a raw `httpx.Client.post` and `.json()` with the same bytes. Both take turns and ask the same
  server, in another process.
* Import: CPU of a process that imports `infobip_voice`, divided by that of one that imports
  `httpx`. The CPU of a process that imports nothing is subtracted from both.
* Reports: CPU of reading 10,000 reports. From XML to `Report` it is divided by that of a bare
  `lxml.etree.fromstring`, and from JSON by that of the generated `from_dict`, of the same document.
  It includes freeing the results, as `wire.best_of` explains.
* Drain: CPU of a drain into a file, in microseconds a report, with pages of 500 that are there at
  once: of a plain loop, which acknowledges each report, and of batches of fifty.
"""

import argparse
import json
import multiprocessing
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable

import httpx
from lxml import etree

from infobip_voice import Drain, VoiceClient
from infobip_voice._pages import read_page
from infobip_voice_client.models import VoiceReportResponse
from infobip_voice_wire import xml
from wire import REPORT, best_of

ANSWER = json.dumps(
    {
        "bulkId": "BULK",
        "messages": [
            {
                "to": "41793026727",
                "status": {
                    "groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED",
                    "description": "Message accepted, pending for delivery.",
                },
                "messageId": "MESSAGE",
            }
        ],
    }
).encode()  # fmt: skip


def serve(listener: socket.socket) -> None:
    """Answer every request for one call, with its ids, at as little cost as possible."""
    answer_head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    ids = re.compile(rb'"(bulk|message)Id": ?"([^"]*)"')

    def connection(peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while chunk := peer.recv(65536):
            received += chunk
            head, blank, body = received.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0) if blank else 0
            if blank and len(body) >= length:
                received = b""
                named = dict(ids.findall(body))
                answer = ANSWER.replace(b"BULK", named[b"bulk"]).replace(b"MESSAGE", named[b"message"])
                peer.sendall(answer_head % len(answer) + answer)

    while True:
        peer, _ = listener.accept()
        threading.Thread(target=connection, args=(peer,), daemon=True).start()


def one_call(calls: int) -> tuple[float, float, float]:
    """Return the cost of the SDK divided by that of raw httpx, and both costs in microseconds."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = multiprocessing.get_context("fork").Process(target=serve, args=(listener,), daemon=True)
        server.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    request = {"scenarioId": "s", "destinations": [{"to": "41793026727", "messageId": "m" * 32}]}
    with VoiceClient(base_url=url, username="u", password="p") as voice, httpx.Client() as raw:
        headers = {"Accept": "application/json"}
        auth = httpx.BasicAuth("u", "p")

        def overlay() -> object:
            return voice.ivr.launch(scenario_id="s", to="41793026727").messages

        def bare() -> object:
            body = {"bulkId": "b" * 32, "messages": [request]}
            return raw.post(f"{url}/voice/ivr/1/messages", json=body, headers=headers, auth=auth).json()["messages"]

        for _ in range(50):
            overlay(), bare()
        costs: dict[Callable[[], object], list[float]] = {overlay: [], bare: []}
        for _ in range(20):
            for work, spent in costs.items():
                start = time.process_time()
                for _ in range(calls // 20):
                    work()
                spent.append((time.process_time() - start) / (calls // 20) * 1e6)
    server.kill()
    mine, theirs = (statistics.median(spent) for spent in costs.values())
    return mine / theirs, mine, theirs


def import_ratio(rounds: int = 12) -> tuple[float, float, float]:
    """Return the ratio of the import times, and both in milliseconds: the best of several runs."""

    def cost(statement: str) -> float:
        before = os.times()
        subprocess.run([sys.executable, "-c", statement], check=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    # If click and rich are installed, httpx imports them for its own command line. That would make
    # our ratio look better than it is.
    bare = "import sys; sys.modules.update(click=None, rich=None, pygments=None); "
    best = {bare + name: 9.0 for name in ("pass", "import httpx", "import infobip_voice")}
    for _ in range(rounds):
        for statement, least in best.items():
            best[statement] = min(least, cost(statement))
    empty, theirs, mine = best.values()
    return (mine - empty) / (theirs - empty), (mine - empty) * 1000, (theirs - empty) * 1000


def reports() -> tuple[float, float, float]:
    """Return what `decode` and `read_page` cost, as multiples of bare lxml and of `from_dict`."""
    value = {"results": [{**REPORT, "messageId": f"{index:036}"} for index in range(10_000)]}
    document, text = xml.encode(value, "VoiceReportResponse"), json.dumps(value).encode()
    tasks: dict[str, Callable[[], object]] = {
        "bare": lambda: etree.fromstring(document),
        "decoded": lambda: xml.decode(document, "VoiceReportResponse"),
        "to Report": lambda: read_page(document, "application/xml"),
        "generated": lambda: VoiceReportResponse.from_dict(json.loads(text)),
        "from JSON": lambda: read_page(text, "application/json"),
    }
    bare, decoded, to_report, generated, from_json = best_of(tasks, 7).values()
    return decoded / bare, to_report / bare, from_json / generated


class Pages(httpx.BaseTransport):
    """Plays the server of a drain, without a socket."""

    def __init__(self, pages: int, limit: int) -> None:
        reports = ([{**REPORT, "messageId": f"{page}-{index:030}"} for index in range(limit)] for page in range(pages))
        self._bodies = iter([*(json.dumps({"results": page}).encode() for page in reports), b'{"results": []}'])

    def handle_request(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Type": "application/json"}, content=next(self._bodies))


def drains(pages: int = 20, limit: int = 500) -> tuple[float, float]:
    """Return the CPU of a drain in microseconds a report: of a loop, and of batches."""

    def spent(take: Callable[[Drain], int]) -> float:
        transport = httpx.Client(transport=Pages(pages, limit))
        with (
            tempfile.TemporaryDirectory() as folder,
            VoiceClient(base_url="http://host", api_key="k", http_client=transport) as voice,
        ):
            drain = voice.reports.drain(f"{folder}/spool", limit=limit)
            start = time.process_time()
            count = take(drain)
            return (time.process_time() - start) / count * 1e6

    def loop(drain: Drain) -> int:
        return sum(1 for _ in drain)

    def batches(drain: Drain) -> int:
        return sum(map(len, drain.batches(50)))

    return min(spent(loop) for _ in range(5)), min(spent(batches) for _ in range(5))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=2000)
    arguments = parser.parse_args()
    ratio, mine, theirs = one_call(arguments.calls)
    print(
        f"one call            {ratio:5.2f} x httpx.Client.post       (target 1.0)   {mine:.0f} against {theirs:.0f} us"
    )
    ratio, mine, theirs = import_ratio()
    print(
        f"import              {ratio:5.2f} x import httpx            (target 2.3)   {mine:.0f} against {theirs:.0f} ms"
    )
    decoded, to_report, from_json = reports()
    print(f"XML to values       {decoded:5.2f} x lxml.etree.fromstring   (target 5)")
    print(f"XML to Report       {to_report:5.2f} x lxml.etree.fromstring   (target 8)")
    print(f"JSON to Report      {from_json:5.2f} x generated from_dict")
    loop, batches = drains()
    print(f"drain, a loop       {loop:5.1f} us a report               (target 40)")
    print(f"drain, batches(50)  {batches:5.1f} us a report               (target 20)")


if __name__ == "__main__":
    main()
