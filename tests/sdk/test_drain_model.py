"""The drain against a model: whatever happens, no report vanishes without being shown."""

import json
import tempfile
from collections import deque
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from infobip_voice import Budget, Report, UnreadableReport, VoiceClient, VoiceError
from sdk.clients import Clock, Cut

HTML = b"<html><body>Bad gateway</body></html>"
# What happens to one report request: the first group consumes reports at the server, the second
# does not.
CONSUMING = ("answer", "reset", "timeout", "cut", "503", "html", "crash")
HARMLESS = ("refused connection", "401", "429")


class Crash(BaseException):
    """Raised where the process ends."""


class Server(httpx.BaseTransport):
    """Hand every report out once, and then treat the answer as the script says."""

    def __init__(self) -> None:
        self.waiting: deque[str] = deque()
        self.script: deque[tuple[str, int]] = deque()
        self.arrived: list[str] = []  # reports of which every byte reached the client
        self.lost_answers = 0
        self.html_pages = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        step, cut = self.script.popleft() if self.script else ("answer", 0)
        if step == "refused connection":
            raise httpx.ConnectError("refused")
        if step in ("401", "429"):
            return httpx.Response(int(step), stream=httpx.ByteStream(b""))
        limit = int(request.url.params["limit"])
        names = [self.waiting.popleft() for _ in range(min(limit, len(self.waiting)))]
        reports = [{"messageId": name, "status": {"groupId": 3}} for name in names]
        body = json.dumps({"results": reports}).encode()
        if step == "answer":
            self.arrived += names
            return self._json(httpx.ByteStream(body))
        if step == "html":
            self.html_pages += 1
            return httpx.Response(200, headers={"Content-Type": "text/html"}, stream=httpx.ByteStream(HTML))
        self.lost_answers += 1
        if step == "crash":
            raise Crash
        if step == "503":
            return httpx.Response(503, stream=httpx.ByteStream(HTML))
        if step == "cut":
            kept = body[: cut % len(body)]
            self.arrived += [name for name in names if f'"{name}", "status": {{"groupId": 3}}}}'.encode() in kept]
            return self._json(Cut(kept))
        raise httpx.ReadTimeout("slow") if step == "timeout" else httpx.ReadError("reset")

    @staticmethod
    def _json(stream: httpx.SyncByteStream) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Type": "application/json"}, stream=stream)


class DrainModel(RuleBasedStateMachine):
    """One account and one spool file, used by one drain after another."""

    def __init__(self) -> None:
        super().__init__()
        self.server = Server()
        self.folder = tempfile.TemporaryDirectory()
        self.made = 0
        self.delivered: list[str] = []
        self.done: set[str] = set()
        self.html_delivered = 0
        self.in_hand: list[Any] = []
        clock = Clock()
        self.client = VoiceClient(
            base_url="http://host", api_key="k", http_client=httpx.Client(transport=self.server), clock=clock,
            sleep=clock.sleep, random=lambda: 0.5, budget=Budget(attempts=2),
        )  # fmt: skip

    @initialize(limit=st.integers(2, 5), auto_ack=st.booleans())
    def start(self, limit: int, auto_ack: bool) -> None:
        self.limit, self.auto_ack = limit, auto_ack
        self.reports_come_in(20)
        self.open()

    def open(self) -> None:
        self.in_hand = []
        self.last: Any = None
        self.drain = self.client.reports.drain(
            Path(self.folder.name, "spool"), limit=self.limit, auto_ack=self.auto_ack
        )

    def reports_come_in(self, count: int) -> None:
        names = [f"report-{number}" for number in range(self.made, self.made + count)]
        self.made += count
        self.server.waiting.extend(names)

    @rule(steps=st.lists(st.tuples(st.sampled_from(CONSUMING + HARMLESS), st.integers(0, 10_000)), max_size=4))
    def the_network_will(self, steps: list[tuple[str, int]]) -> None:
        self.server.script.extend(steps)

    @rule(count=st.integers(1, 4))
    def take(self, count: int) -> None:
        self.reports_come_in(1)
        for _ in range(count):
            self.note_done()
            try:
                item = next(self.drain, None)
            except VoiceError:
                continue
            except Crash:
                self.crash()
                return
            if item is None:  # no reports are left, and this drain has ended
                self.open()
                return
            self.last = item
            self.note_delivered(item)

    def note_done(self) -> None:
        """Asking for the next report acknowledges the one before."""
        if self.auto_ack and isinstance(self.last, Report):
            self.done.add(str(self.last.message_id))
        self.last = None

    def note_delivered(self, item: Report | UnreadableReport) -> None:
        self.in_hand.append(item)
        if isinstance(item, UnreadableReport):
            self.html_delivered += item.body == HTML
        else:
            assert item.message_id not in self.done, "a report that was done came again"
            self.delivered.append(str(item.message_id))

    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        if not self.auto_ack and self.in_hand:
            item = data.draw(st.sampled_from(self.in_hand))
            try:
                self.drain.ack(item)
            except VoiceError:  # the spool is not open before the first report is asked for
                return
            if isinstance(item, Report):
                self.done.add(str(item.message_id))

    @rule(take=st.integers(1, 4))
    def crash(self, take: int = 0) -> None:
        """Only the operating system closes the file; the drain does not."""
        self.take(take)
        if (database := self.drain._spool._database) is not None:
            database.close()
        self.open()

    @rule(take=st.integers(1, 4))
    def leave(self, take: int = 0) -> None:
        """The consumer breaks out of its loop."""
        self.take(take)
        self.drain.close()
        self.open()

    @invariant()
    def nothing_is_invented(self) -> None:
        assert set(self.delivered) <= set(self.server.arrived)

    def teardown(self) -> None:
        """A last run delivers all that arrived and was not done, and shows every lost answer."""
        self.server.script.clear()
        self.leave(0)
        done = set(self.done)
        before = len(self.delivered)
        for item in self.drain:
            self.note_done()
            self.last = item
            self.note_delivered(item)
        assert sorted(self.delivered[before:]) == sorted(set(self.server.arrived) - done)
        assert not self.server.waiting
        assert len(self.drain.gaps) == self.server.lost_answers
        assert self.html_delivered >= self.server.html_pages
        self.client.close()
        self.folder.cleanup()


TestDrain = DrainModel.TestCase
TestDrain.settings = settings(
    derandomize=True, deadline=None, database=None, max_examples=100, stateful_step_count=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
