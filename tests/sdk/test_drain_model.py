"""The drain against a model: whatever happens, no report vanishes without being shown."""

import json
import tempfile
from collections import deque
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from infobip_voice import Budget, FilterIgnored, Report, VoiceClient, VoiceError
from sdk.clients import Clock, broken

HTML = b"<html><body>Bad gateway</body></html>"
# What happens to one report request: the first group consumes reports at the server, the second
# does not.
CONSUMING = ("answer", "reset", "timeout", "cut", "503", "html", "poison", "crash")
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
        self.poison = 0

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
        if step == "poison":  # one odd report among the others
            self.arrived += names
            self.poison += 1
            body = json.dumps({"results": [*reports[:1], self.poison, *reports[1:]]}).encode()
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
            return self._json(broken(kept))
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
        self.in_hand: list[Report] = []
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
        self.last: list[Report] = []
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

    @rule(count=st.integers(1, 4), way=st.sampled_from(["next", "loop", "batches"]), size=st.integers(1, 4))
    def take(self, count: int, way: str = "next", size: int = 1) -> None:
        """Take some reports by `next(drain)`, by a loop that is left, or in batches."""
        self.reports_come_in(1)
        consumer: Any = {
            "next": lambda: self.drain, "loop": lambda: iter(self.drain), "batches": lambda: self.drain.batches(size)
        }[way]()  # fmt: skip
        # What `next(drain)` took stays in the drain's own hand; what a loop took is in the hand of
        # that loop alone.
        hand = self.last if way == "next" else []
        for _ in range(count):
            done = list(hand)
            hand.clear()
            try:
                taken = next(consumer, None)
            except VoiceError:
                self.note_done(done)
                continue
            except Crash:
                self.note_done(done)
                self.crash()
                return
            self.note_done(done)
            if taken is None:  # all is drained, and this drain has ended
                self.open()
                return
            hand += taken if isinstance(taken, list) else [taken]
            assert len(hand) <= size or way != "batches"
            self.note_delivered(hand)

    def note_done(self, reports: list[Report]) -> None:
        """Asking for the next one lets go of the one before."""
        if self.auto_ack:
            self.done.update(str(report.message_id) for report in reports)

    def note_delivered(self, reports: list[Report]) -> None:
        self.in_hand += reports
        for report in reports:
            assert report.message_id not in self.done, "a report that was done came again"
            self.delivered.append(str(report.message_id))

    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        if not self.auto_ack and self.in_hand:
            item = data.draw(st.sampled_from(self.in_hand))
            try:
                self.drain.ack(item)
            except VoiceError:  # the spool is not open before the first report is asked for
                return
            self.done.add(str(item.message_id))

    @rule(take=st.integers(1, 4))
    def crash(self, take: int = 0) -> None:
        """Only the operating system closes the file; the drain does not."""
        self.take(take)
        if self.drain._spool._file is not None:
            self.drain._spool._file.close()
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
        with self.drain:
            hand: list[Report] = []
            for report in self.drain:
                self.note_done(hand)
                hand = [report]
                self.note_delivered(hand)
            assert sorted(self.delivered[before:]) == sorted(set(self.server.arrived) - done)
            assert not self.server.waiting
            assert sum(gap.count for gap in self.drain.gaps) == self.server.lost_answers
            kept = {piece.body: piece.count for piece in self.drain.unreadable}
            assert kept.get(HTML, 0) == self.server.html_pages
            assert {b"%d" % number for number in range(1, self.server.poison + 1)} <= kept.keys()
        self.client.close()
        self.folder.cleanup()


class Strangers(httpx.BaseTransport):
    """Ignores the filter, and counts how often it was asked."""

    def __init__(self, page: list[str]) -> None:
        self.page = page
        self.asked = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        reports = [{"messageId": f"{bulk}-{number}", "bulkId": bulk} for number, bulk in enumerate(self.page)]
        headers = {"Content-Type": "application/json"}
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(json.dumps({"results": reports}).encode()))


@given(page=st.lists(st.sampled_from(["mine", "theirs"]), min_size=1, max_size=6).filter(lambda page: "theirs" in page))
@settings(derandomize=True, deadline=None, database=None, max_examples=30)
def test_strangers_end_the_drain_and_are_kept(page: list[str]) -> None:
    """Of a server that ignores filters: ours is delivered, theirs is kept, and it is asked once."""
    server = Strangers(page)
    with (
        tempfile.TemporaryDirectory() as folder,
        VoiceClient(base_url="http://host", api_key="k", http_client=httpx.Client(transport=server)) as client,
        client.reports.drain(Path(folder, "spool"), bulk_id="mine") as drain,
    ):
        delivered: list[str] = []
        for _ in range(3):
            try:
                for report in drain:
                    delivered.append(str(report.message_id))  # noqa: PERF401  an error ends it
            except FilterIgnored:
                continue
        kept = [str(report.message_id) for report in drain.others]
    assert sorted(delivered + kept) == sorted(f"{bulk}-{number}" for number, bulk in enumerate(page))
    assert all(name.startswith("mine") for name in delivered)
    assert server.asked == 1


TestDrain = DrainModel.TestCase
TestDrain.settings = settings(
    derandomize=True, deadline=None, database=None, max_examples=100, stateful_step_count=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
