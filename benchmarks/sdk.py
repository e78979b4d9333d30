"""Measure what the SDK costs beside other clients, as ratios within one run.

* Call: CPU of a whole call (ids, models, policy, capture, reading) divided by that of a raw
  `httpx.Client.post` and `.json()` of the same size. Each contestant has a process of its own; they
  take turns and ask one server.
* Import: CPU of a process that runs the first line of a program, divided by that of one that
  imports httpx, byte code present. The CPU of an empty process of the same environment is
  subtracted from both.
* Reading: CPU of reading 10,000 reports, divided by that of the generated `from_dict` of the same
  JSON, or of a bare `lxml.etree.fromstring` of the same XML. It includes freeing the results, as
  `wire.rounds_of` explains.
"""

import json
import os
import re
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree
from peers import PACKAGES, python
from pydantic import BaseModel, Field, TypeAdapter
from results import Chart, Row, row

from infobip_voice import parse_push
from infobip_voice_client.models import VoiceReportResponse
from infobip_voice_schema import models as structs
from infobip_voice_wire import xml
from wire import document, rounds_of

# What the contestants' services answer to their one call, by a part of its path.
STATUS = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED", "description": "Accepted."}
ANSWERS: dict[bytes, Any] = {
    b"/voice/ivr/": {"bulkId": "BULK", "messages": [{"to": "41793026727", "status": STATUS, "messageId": "ID"}]},
    b"/v1/customers": {"id": "cus_1", "object": "customer", "created": 1, "name": "n", "email": "e@example.com"},
    b"/chat/completions": {
        "id": "c", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}],
    },
    b"/Messages.json": {"sid": "SM1", "status": "queued", "to": "+41793026727", "body": "hello"},
}  # fmt: skip
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
BULK, CALLS = re.compile(rb'"bulkId": ?"([^"]*)"'), re.compile(rb'"messageId": ?"([^"]*)"')

NAMES = {
    "ours": "infobip-voice", "raw": "raw httpx", "generated": "the raw generated client",
    **{name: package.replace("==", " ") for name, package in PACKAGES.items()},
}  # fmt: skip
FIRST_LINES = {
    "raw": "import httpx",
    "ours": "from infobip_voice import VoiceClient",
    "generated": "from infobip_voice_client import Client, models",
    "vendor": "from infobip_api_client import ApiClient",
    "stripe": "from stripe import StripeClient",
    "openai": "from openai import OpenAI",
    "twilio": "from twilio.rest import Client",
}
PREPARED = """
voice = VoiceClient(base_url="https://host.example", api_key="k")
voice.ivr.prepare(scenario_id="s", to="41793026727")
"""
# If click and rich are installed, httpx imports them for its own command line. That would make our
# ratio look better than it is.
BARE = "import sys; sys.modules.update(click=None, rich=None, pygments=None); "


def serve(listener: socket.socket, delay: float = 0.0) -> None:
    """Answer every request with what its path stands for and its ids, at the least cost."""
    answers = {path: json.dumps(answer).encode() for path, answer in ANSWERS.items()}

    def connection(peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while chunk := peer.recv(65536):
            received += chunk
            head, blank, body = received.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0) if blank else 0
            if blank and len(body) >= length:
                received = b""
                first_line = head.partition(b"\r\n")[0]
                answer = next(answer for path, answer in answers.items() if path in first_line)
                if bulk := BULK.search(body):
                    before, entry, after = re.split(rb"\[(.*)\]", answer.replace(b"BULK", bulk[1]))
                    entries = b",".join(entry.replace(b'"ID"', b'"%b"' % name) for name in CALLS.findall(body))
                    answer = b"%b[%b]%b" % (before, entries, after)
                if delay:
                    threading.Event().wait(delay)
                peer.sendall(HEAD % len(answer) + answer)

    while True:
        peer, _ = listener.accept()
        threading.Thread(target=connection, args=(peer,), daemon=True).start()


@contextmanager
def running(work: Callable[..., None], *arguments: object) -> Iterator[str]:
    """Run a server of ours in another process, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = get_context("fork").Process(target=work, args=(listener, *arguments), daemon=True)
        process.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield url
    finally:
        process.kill()


def interpreters() -> dict[str, str]:
    """Return the interpreter of each contestant that is installed."""
    peers = {name: path for name in PACKAGES if (path := python(name)) is not None}
    return {**dict.fromkeys(("raw", "ours", "generated"), sys.executable), **peers}


def environment() -> dict[str, str]:
    """Return this process's environment, without what makes a client read more or go elsewhere."""
    left_out = ("SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONDONTWRITEBYTECODE")
    return {
        name: value
        for name, value in os.environ.items()
        if name not in left_out and not name.lower().endswith("_proxy")
    }


def calls(rounds: int = 25, count: int = 40) -> Chart:
    """Return the CPU of one call of each contestant."""
    program = str(Path(__file__).with_name("contestants.py"))
    with running(serve) as url:
        workers = {
            name: subprocess.Popen(
                [path, program, name, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
            )
            for name, path in interpreters().items()
        }

        def cost(worker: "subprocess.Popen[str]", times: int) -> float:
            assert worker.stdin is not None
            assert worker.stdout is not None
            worker.stdin.write(f"{times}\n")
            worker.stdin.flush()
            return float(worker.stdout.readline())

        try:
            for worker in workers.values():
                assert worker.stdout is not None
                assert worker.stdout.readline() == "ready\n"
                cost(worker, count)
            found: dict[str, list[float]] = {name: [] for name in workers}
            for _ in range(rounds):
                spent = {name: cost(worker, count) for name, worker in workers.items()}
                for name, seconds in spent.items():
                    found[name].append(seconds / spent["raw"])
        finally:
            for worker in workers.values():
                worker.kill()
                worker.wait()
    targets = {"ours": 0.85}
    rows = [
        row(NAMES[name], figures, ours=name in targets, target=targets.get(name)) for name, figures in found.items()
    ]
    return Chart("call", "CPU of one call", "× httpx.Client.post", ranked(rows))


def imports(rounds: int = 9) -> Chart:
    """Return the CPU of the first line of a program with each contestant."""
    places = interpreters()
    lines = {name: FIRST_LINES[name] for name in places} | {"prepared": FIRST_LINES["ours"] + PREPARED}
    paths = {**places, "prepared": sys.executable}

    def cost(path: str, statement: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([path, "-c", BARE + statement], check=True, env=environment())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    for name, statement in lines.items():  # their byte code is written
        cost(paths[name], statement)
    found: dict[str, list[float]] = {name: [] for name in lines}
    for _ in range(rounds):
        spent = {name: cost(paths[name], line) - cost(paths[name], "pass") for name, line in lines.items()}
        for name, seconds in spent.items():
            found[name].append(seconds / spent["raw"])
    targets = {"ours": 1.4, "prepared": 2.0}
    rows = [
        row(
            "infobip-voice, with a first prepared launch" if name == "prepared" else NAMES[name],
            figures,
            ours=name in targets,
            target=targets.get(name),
        )
        for name, figures in found.items()
    ]
    return Chart("import", "CPU of importing", "× import httpx", ranked(rows))


class Price(BaseModel):
    price_per_second: float | None = Field(None, alias="pricePerSecond")
    currency: str | None = None


class Code(BaseModel):
    group_id: int | None = Field(None, alias="groupId")
    group_name: str | None = Field(None, alias="groupName")
    id: int | None = None
    name: str | None = None
    description: str | None = None
    permanent: bool | None = None


class Model(BaseModel):
    """What somebody would write with pydantic for a report."""

    bulk_id: str | None = Field(None, alias="bulkId")
    message_id: str | None = Field(None, alias="messageId")
    to: str | None = None
    sent_at: str | None = Field(None, alias="sentAt")
    done_at: str | None = Field(None, alias="doneAt")
    duration: int | None = None
    mcc_mnc: str | None = Field(None, alias="mccMnc")
    dtmf_codes: str | None = Field(None, alias="dtmfCodes")
    recorded_audio_file_url: str | None = Field(None, alias="recordedAudioFileUrl")
    price: Price | None = None
    status: Code | None = None
    error: Code | None = None


def reading(rounds: int = 9) -> Iterator[Chart]:
    """Yield the CPU of reading a page of reports, from JSON and from XML."""
    value, as_xml = document(10_000)
    as_json = json.dumps(value).encode()
    pages: Any = TypeAdapter(dict[str, list[Model]])
    tasks: dict[str, Callable[[], object]] = {
        "generated": lambda: VoiceReportResponse.from_dict(json.loads(as_json)),
        "ours": lambda: parse_push(as_json, "application/json"),
        "loads": lambda: json.loads(as_json),
        "pydantic": lambda: pages.validate_json(as_json),
        "msgspec": lambda: msgspec.json.decode(as_json, type=structs.VoiceReportResponse),
        "lxml": lambda: etree.fromstring(as_xml),
        "values": lambda: xml.decode(as_xml, "VoiceReportResponse"),
        "xml": lambda: parse_push(as_xml, "application/xml"),
    }
    found = rounds_of(tasks, rounds)

    def beside(base: str, name: str, words: str, target: float | None = None) -> Row:
        figures = [mine / theirs for mine, theirs in zip(found[name], found[base], strict=True)]
        return row(words, figures, ours=name in ("ours", "xml", "values"), target=target)

    yield Chart(
        "json", "CPU of reading 10,000 reports from JSON", "× the generated from_dict",
        ranked([
            beside("generated", "ours", "infobip-voice, exact and one by one", 0.35),
            beside("generated", "generated", "the raw generated client"),
            beside("generated", "loads", "json.loads, no types"),
            beside("generated", "pydantic", "pydantic"),
            beside("generated", "msgspec", "msgspec"),
        ]),
    )  # fmt: skip
    yield Chart(
        "xml", "CPU of reading 10,000 reports from XML", "× lxml.etree.fromstring",
        ranked([
            beside("lxml", "xml", "infobip-voice, reports", 2.8),
            beside("lxml", "values", "infobip-voice, values", 2.4),
            beside("lxml", "lxml", "lxml, a tree and no values"),
        ]),
    )  # fmt: skip


def ranked(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda each: each.median))


def charts() -> Iterator[Chart]:
    """Yield everything that this module measures."""
    yield calls()
    yield imports()
    yield from reading()
