"""Many requests: nothing is delivered twice or lost, and the mock stays small and answers.

`make soak` runs them for long.
"""

import http.client
import json
import os
import random
import re
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import asgi

REQUESTS = int(os.environ.get("SOAK_REQUESTS", "3000"))
MAX_MEGABYTES = 250
PATHS = [
    "/voice/ivr/1/messages",
    "/voice/ctc/1/send",
    "/tts/3/reports",
    "/tts/3/files/a/b",
    "/",
    "/%00",
    "/_mock/calls",
]
JSON_BODIES = [
    b'{"messages":[{"scenarioId":"S","destinations":[{"to":"41793026727"}]}]}',
    b'{"bulkId":"B","messages":[{"from":"41793026700","destinationA":"41793026727","destinationB":"999102001"}]}',
    b'{"messages":[{"scenarioId":"S","destinations":[{"to":"999102001"}],"retry":{"minPeriod":1,"maxPeriod":30},'
    b'"sendingSpeed":{"speed":7,"timeUnit":"day"},"sendAt":"2026-07-07T17:00:00.000+01:00"}]}',
]
XML_BODY = (
    b"<request><messages><messages><scenarioId>S</scenarioId><destinations><destinations><to>41793026727</to>"
    b"</destinations></destinations></messages></messages></request>"
)
WORDS = [
    b"null",
    b"[]",
    b"{}",
    b"1e400",
    b"-0",
    b'"\\ud800"',
    b"\xff",
    b"\x00",
    b"<!DOCTYPE a>",
    b"&lt;",
    b"9" * 400,
    b"]]>",
    b'"',
]


def fuzzed(chance: random.Random) -> tuple[str, str, bytes, dict[str, str]]:
    """Return a request: sometimes right, mostly wrong in one place, sometimes in many."""
    method, path = chance.choice([("POST", PATHS[0]), ("POST", PATHS[1]), ("GET", PATHS[2])])
    if chance.random() < 0.1:
        method, path = chance.choice(["POST", "GET", "HEAD", "PUT", "DELETE"]), chance.choice(PATHS)
    if chance.random() < (0.7 if method == "GET" else 0.05):
        path += "?" + chance.choice(
            ["limit=1", "limit=0", "limit=1&limit=1", "bulkId=B", "x=%ff", "limit=%F0%9F%98%80"]
        )
    xml = chance.random() < 0.4
    body = bytearray(XML_BODY if xml else chance.choice(JSON_BODIES))
    for _ in range(chance.choice([0, 0, 1, 1, 2, 9])):
        at = chance.randrange(len(body) + 1)
        body[at : at + chance.randrange(6)] = chance.choice(WORDS)
    fields = {"authorization": chance.choice([asgi.BASIC] * 9 + ["Basic eDp5", "App x", "Basic =", ""])}
    fields["content-type"] = "application/xml" if xml else "application/json"
    if chance.random() < 0.2:
        fields["content-type"] = chance.choice(["", "text/plain", "application/json; charset=x", "a/b/c"])
    if chance.random() < 0.5:
        fields["accept"] = chance.choice(
            ["application/xml", "application/json", "*/*", "text/html", ";;;", "a/b;q=2", "*/*;q=0"]
        )
    return method, path, bytes(body) if method != "GET" else b"", fields


def megabytes(pid: int) -> float:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def test_fuzzed_requests(voice_mock_process):
    """There is no 5xx and no hang, memory stays bounded, and refusals are as documented."""
    base_url, pid = voice_mock_process
    address = urlsplit(base_url)
    chance = random.Random(20260301)
    seen: dict[int, int] = {}
    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=30)) as connection:
        for _ in range(REQUESTS):
            method, path, body, fields = fuzzed(chance)
            connection.request(method, path, body, fields)
            response = connection.getresponse()
            content = response.read()
            seen[response.status] = seen.get(response.status, 0) + 1
            assert response.status < 500, (method, path, body, fields, content)
            if response.status >= 400 and method != "HEAD" and response.headers["content-type"] == "application/json":
                refusal = json.loads(content)["requestError"]["serviceException"]
                assert set(refusal) - {"validationErrors"} == {"messageId", "text"}
        connection.request("GET", "/_mock/health")
        assert json.loads(connection.getresponse().read())["status"] == "ok"
    assert {200, 400, 401, 404, 405, 406, 415} <= set(seen)
    print(f"{REQUESTS:,} fuzzed requests by status: {dict(sorted(seen.items()))}; {megabytes(pid):.0f} MB")
    assert megabytes(pid) < MAX_MEGABYTES


def test_conservation(voice_mock_process):
    """Four launch while four read, with and without filters: each report comes exactly once."""
    base_url, _ = voice_mock_process
    address = urlsplit(base_url)
    basic = "Basic Y29uc2VydmF0aW9uOm9wZW4gc2VzYW1l"  # conservation:open sesame
    launched: list[list[str]] = [[] for _ in range(4)]
    read: list[list[str]] = [[] for _ in range(4)]
    done = threading.Event()

    def launch(index: int) -> None:
        with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=30)) as connection:
            for number in range(REQUESTS // 40):
                names = [f"m-{index}-{number}-{n}" for n in range(5)]
                destinations = [{"to": "41793026727", "messageId": name} for name in names]
                body = {"bulkId": f"B{index}", "messages": [{"scenarioId": "S", "destinations": destinations}]}
                fields = {"authorization": basic, "content-type": "application/json"}
                connection.request("POST", "/voice/ivr/1/messages", json.dumps(body), fields)
                assert connection.getresponse().read()
                launched[index] += names

    def take(index: int) -> None:
        query = ["?limit=3", "?bulkId=B1", "?limit=7&bulkId=B2", ""][index]
        fields = {"authorization": basic, "accept": "application/xml" if index % 2 else "application/json"}
        with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=30)) as connection:
            finishing = False
            while True:
                last = done.is_set()
                connection.request("GET", f"/tts/3/reports{'' if finishing else query}", headers=fields)
                names = re.findall(rb"m-\d+-\d+-\d+", connection.getresponse().read())
                read[index] += [name.decode() for name in names]
                if finishing and not names:
                    return
                finishing = (last and not names) or finishing

    launchers = [threading.Thread(target=launch, args=(index,)) for index in range(4)]
    readers = [threading.Thread(target=take, args=(index,)) for index in range(4)]
    for thread in (*launchers, *readers):
        thread.start()
    for thread in launchers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    delivered = [name for names in read for name in names]
    assert len(delivered) == len(set(delivered)), "a report was delivered twice"
    assert sorted(delivered) == sorted(name for names in launched for name in names)


@pytest.fixture(scope="module")
def voice_mock_process():
    """Start a mock for this test; return its URL and its process."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0", "--open-tenants"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())["base_url"], process.pid
        process.terminate()
