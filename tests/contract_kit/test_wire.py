"""The transport over sockets: the bytes that went out and came back, whatever way a server has."""

import socket
import threading
import time

import pytest

from contract_kit.recorded import stage
from contract_kit.wire_variants import WAYS, WireServer
from infobip_voice_contract.contract import Contract
from infobip_voice_contract.credentials import Credentials
from infobip_voice_contract.exchange import Exchange
from infobip_voice_contract.history import History
from infobip_voice_contract.sockets import HttpTransport
from infobip_voice_contract.verdicts import judge
from infobip_voice_mock import create_app

CREDENTIALS = Credentials(("Aladdin", "open sesame"))


def session():
    """Requests of every kind: launches, reports, refusals, another method."""
    s = stage()
    yield s.post(s.ivr(2, bulk="b"))
    yield s.post(s.ivr(1, ids=["m1"]), form="xml")
    yield s.get(bulkId="b", limit=1)
    yield s.get(bulkId="b", accept="application/xml")
    yield s.get(bulkId="b")
    yield s.get(method="HEAD")
    yield s.get(authorization=None)
    yield s.get(limit=0)
    yield s.post(b"{")


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_http_is_read(way):
    """The answers are the same, and no rule is broken by how they came."""
    exchanges = []
    with WireServer(create_app(), way) as server:
        transport = HttpTransport(server.url, CREDENTIALS)
        for number, request in enumerate(session(), start=1):
            sent = transport.send(request)
            assert sent.failure == ""
            assert b"Authorization: Basic ***" in sent.sent or not request.fields("authorization")
            began = time.time()  # a report has the server's time
            exchanges.append(Exchange(number, "session", began, began + 0.1, request, sent.answer))
        transport.close()
    assert [each.answer.status for each in exchanges] == [200, 200, 200, 200, 200, 405, 401, 400, 400]
    history = History.of(exchanges, Contract(), delay=0.1)
    assert [len(judged.reports) for judged in history.reads] == [1, 1, 0]
    assert [each.rule.id for each in judge(history, {}) if each.broken] == []


def serve(answer: bytes) -> str:
    """Answer one request with these bytes, and close."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)
        listener.close()

    threading.Thread(target=accept, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "closed before an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "not HTTP"),
        (b"nonsense\r\n\r\n", "not HTTP"),
    ],
)
def test_an_answer_that_breaks_off_is_no_answer(answer, why):
    """What came is kept, and the reason is said."""
    transport = HttpTransport(serve(answer), CREDENTIALS)
    sent = transport.send(stage().get())
    transport.close()
    assert sent.answer is None
    assert why in sent.failure
    assert sent.received == answer


def test_a_secret_that_comes_back_is_masked():
    """A server that echoes credentials puts them into no output."""
    answer = b"HTTP/1.1 200 OK\r\nX-Echo: QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\nContent-Length: 11\r\n\r\nopen sesame"
    transport = HttpTransport(serve(answer), CREDENTIALS)
    sent = transport.send(stage().get())
    transport.close()
    assert sent.answer is not None
    assert (sent.answer.field("x-echo"), sent.answer.body) == ("***", b"***")
    assert b"open sesame" not in sent.received
    assert b"QWxh" not in sent.sent + sent.received


def test_a_server_that_is_not_there():
    """No connection is said, at once."""
    transport = HttpTransport("http://127.0.0.1:1", CREDENTIALS)
    assert transport.probe() != ""
    assert transport.send(stage().get()).failure.startswith("no connection")
