"""Everything that happened between the kit and a server, as the rules look at it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, cast

from infobip_voice_contract.contract import Contract
from infobip_voice_contract.demands import Demand, demand
from infobip_voice_contract.exchange import Answer, Exchange, Request
from infobip_voice_contract.readers import Document, read
from infobip_voice_wire import documents, timestamps

__all__ = ["DEFAULT_LIMIT", "Call", "History", "Judged", "Read", "Wanted", "members", "text"]

DEFAULT_LIMIT: Final = 50
_UNIT_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def members(value: Any) -> dict[str, Any]:
    """Return a value as an object; an empty one if it is anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return a value as a list; an empty one if it is anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """Return a value as a text; None if it is anything else."""
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that a request asks for.

    Attributes:
        to: The called number; for a click to call that of A.
        message_id: The id that the request gives it; None if the server has to make one.
        item: The `messages[]` item that it comes from.
        position: Its place within that item.
    """

    to: str | None
    message_id: str | None
    item: dict[str, Any]
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the server has accepted.

    Attributes:
        message_id: Its id.
        bulk_id: The id of its launch; None if it has none.
        wanted: What was asked for; None if the answer lists a call that was not.
        launch: The exchange that launched it.
        due: When its report can be there, in seconds since 1970, if the call takes no time.
        pushed: Whether its report goes to a `notifyUrl`.
    """

    message_id: str
    bulk_id: str | None
    wanted: Wanted | None
    launch: "Judged"
    due: float
    pushed: bool


class Judged:
    """An exchange with what it was entitled to and what came back.

    Attributes:
        exchange: The exchange.
        demand: What the request is entitled to.
    """

    def __init__(self, exchange: Exchange, contract: Contract) -> None:
        self.exchange = exchange
        self._contract = contract

    @property
    def number(self) -> int:
        """Its place in the journal."""
        return self.exchange.number

    @property
    def request(self) -> Request:
        """The request."""
        return self.exchange.request

    @property
    def answer(self) -> Answer | None:
        """The answer; None if there was none, or if it was a 429, which settles nothing."""
        answer = self.exchange.answer
        return None if answer is None or answer.status == 429 else answer

    @property
    def status(self) -> int | None:
        """The status of the answer; None as for `answer`."""
        return self.answer.status if self.answer is not None else None

    @cached_property
    def demand(self) -> Demand:
        """What the request is entitled to."""
        return demand(self.request, self._contract)

    @property
    def operation(self) -> str:
        """The name of the operation; empty if there is none or the method is another."""
        operation = self.demand.operation
        return operation.name if operation is not None and operation.method == self.request.method else ""

    @property
    def edition(self) -> str:
        """The edition by which it is judged."""
        return self._contract.edition

    @cached_property
    def document(self) -> Document | None:
        """The document of the answer, strictly read; None if there is none to read."""
        answer = self.exchange.answer
        if answer is None or self.request.method == "HEAD":
            return None
        operation = self.demand.operation
        success = operation.answer if operation is not None else "ApiException"
        return read(answer, success if answer.status == 200 else "ApiException", self._contract)

    @property
    def value(self) -> dict[str, Any]:
        """The answer's document as an object; an empty one if it is none."""
        return members(self.document.value) if self.document is not None else {}

    @cached_property
    def wanted(self) -> list[Wanted]:
        """The calls that a launch asks for, in order."""
        found: list[Wanted] = []
        for item in map(members, items(members(self.demand.value).get("messages"))):
            if self.operation == "ctc":
                found.append(Wanted(text(item.get("destinationA")), text(item.get("messageId")), item, 0))
                continue
            for position, each in enumerate(map(members, items(item.get("destinations")))):
                found.append(Wanted(text(each.get("to")), text(each.get("messageId")), item, position))
        return found

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """The entries of the answer to a launch."""
        return [members(entry) for entry in items(self.value.get("messages"))] if self.status == 200 else []

    @cached_property
    def reports(self) -> list[dict[str, Any]]:
        """The reports of an answer, or of a push."""
        return [members(report) for report in items(self.value.get("results"))] if self.status == 200 else []

    @cached_property
    def filters(self) -> dict[str, str]:
        """The filters of a request for reports."""
        return {name: value for name, value in self.request.query if name in ("bulkId", "messageId")}

    @cached_property
    def limit(self) -> int:
        """The limit of a valid request for reports."""
        return int(dict(self.request.query).get("limit", DEFAULT_LIMIT))

    def matches(self, call: Call) -> bool:
        """Return whether the filters of a request for reports let a call's report through."""
        return self.filters.get("bulkId", call.bulk_id) == call.bulk_id and (
            self.filters.get("messageId", call.message_id) == call.message_id
        )


Read = Judged
"""A request for reports that was answered with 200."""


@dataclass
class History:
    """All exchanges in order, and what follows from them.

    Attributes:
        contract: What judges them.
        delay: How long the report of an answered call takes to appear, in seconds, as measured by
            the sentinel; None if none appeared, so that nothing can be said to be missing.
        shared: Whether others use the account, who may take reports.
        skipped: Why rules cannot be observed here, by the ability that they need.
        exchanges: All exchanges.
        calls: The accepted calls by id.
        reads: The requests for reports that were answered with 200.
        pushes: What the server sent to our receiver.
        handed: The reads that returned a report, by message id, as often as they did.
        foreign: Reports that belong to nobody we know, with their reads.
    """

    contract: Contract
    delay: float | None = None
    shared: bool = False
    skipped: dict[str, str] = field(default_factory=dict[str, str])
    exchanges: list[Judged] = field(default_factory=list[Judged])
    calls: dict[str, Call] = field(default_factory=dict[str, Call])
    rejected: dict[str, Judged] = field(default_factory=dict[str, Judged])
    reads: list[Read] = field(default_factory=list[Judged])
    pushes: list[Judged] = field(default_factory=list[Judged])
    handed: defaultdict[str, list[Read]] = field(default_factory=lambda: defaultdict[str, list[Judged]](list))
    foreign: list[tuple[Read, dict[str, Any]]] = field(default_factory=list[tuple[Judged, dict[str, Any]]])
    _own: set[str] = field(default_factory=set[str])

    @classmethod
    def of(cls, exchanges: Iterable[Exchange], contract: Contract, **known: Any) -> "History":
        """Return the history of recorded exchanges."""
        history = cls(contract, **known)
        for exchange in exchanges:
            history.add(exchange)
        return history

    def add(self, exchange: Exchange) -> Judged:
        """Add an exchange, and return it judged."""
        judged = Judged(exchange, self.contract) if exchange.direction == "out" else _Pushed(exchange, self.contract)
        self.exchanges.append(judged)
        if exchange.direction == "push":
            self.pushes.append(judged)
        elif judged.operation in ("ivr", "ctc"):
            self._launched(judged)
        elif judged.operation == "reports" and judged.status == 200:
            self._read(judged)
        return judged

    @property
    def patience(self) -> float | None:
        """How long after it is due a report has to be there: three delays; None if none appeared."""
        return None if self.delay is None else 3 * max(self.delay, 0.1)

    @property
    def own_reports(self) -> Iterator[tuple[Read, dict[str, Any], Call]]:
        """The fetched reports of our calls, each with its read and its call."""
        for judged in self.reads:
            for report in judged.reports:
                call = self.calls.get(text(report.get("messageId")) or "")
                if call is not None:
                    yield judged, report, call

    def is_due(self, call: Call, moment: float) -> bool:
        """Return whether a call's report has to be in the queue at a moment, if nobody has taken it."""
        return self.patience is not None and not call.pushed and call.due + self.patience <= moment

    def pending(self) -> list[Call]:
        """Return the accepted calls, not pushed ones, whose report has not been handed out."""
        return [call for call in self.calls.values() if not call.pushed and call.message_id not in self.handed]

    def of_script(self, script: str) -> list[Judged]:
        """Return the exchanges of one script."""
        return [judged for judged in self.exchanges if judged.exchange.script == script]

    def _launched(self, judged: Judged) -> None:
        self._own.update(wanted.message_id for wanted in judged.wanted if wanted.message_id)
        supplied = text(members(judged.demand.value).get("bulkId"))
        if supplied:
            self._own.add(supplied)
        bulk_id = text(judged.value.get("bulkId")) if judged.status == 200 else None
        if bulk_id:
            self._own.add(bulk_id)
        paired = len(judged.entries) == len(judged.wanted)
        for index, entry in enumerate(judged.entries):
            message_id = text(entry.get("messageId"))
            if message_id is None:
                continue
            wanted = judged.wanted[index] if paired else None
            if members(entry.get("status")).get("groupId") == 5:
                self.rejected.setdefault(message_id, judged)
                continue
            self._own.add(message_id)
            due = _due(wanted, judged.exchange.ended) if wanted else judged.exchange.ended
            pushed = bool(wanted and wanted.item.get("notifyUrl"))
            self.calls.setdefault(message_id, Call(message_id, bulk_id or supplied, wanted, judged, due, pushed))

    def _read(self, judged: Judged) -> None:
        self.reads.append(judged)
        for report in judged.reports:
            message_id, bulk_id = text(report.get("messageId")), text(report.get("bulkId"))
            if message_id is not None:
                self.handed[message_id].append(judged)
            if message_id not in self._own and bulk_id not in self._own:
                self.foreign.append((judged, report))


class _Pushed(Judged):
    """A push: the document is in the request, and the answer is ours."""

    @property
    def operation(self) -> str:
        return "push"

    @cached_property
    def document(self) -> Document | None:
        request = self.exchange.request
        return read(Answer(200, request.headers, request.body), "VoiceReportResponse", self._contract)

    @cached_property
    def reports(self) -> list[dict[str, Any]]:
        content_type = next(iter(self.request.fields("content-type")), None)
        try:
            value = documents.decode(self.request.body, content_type, "VoiceReportResponse")
        except ValueError:
            return []
        return [members(report) for report in items(members(value).get("results"))]


def _due(wanted: Wanted, launched: float) -> float:
    """Return when a call begins, which is when its report can first be there."""
    due = launched
    send_at = text(wanted.item.get("sendAt"))
    if send_at:
        try:
            due = max(due, timestamps.parse(send_at).timestamp())
        except ValueError:
            pass
    speed = members(wanted.item.get("sendingSpeed"))
    if speed:
        due += float(_UNIT_SECONDS.get(str(speed.get("timeUnit")), 0)) * wanted.position / float(speed.get("speed") or 1)
    retry = members(wanted.item.get("retry"))
    if retry or wanted.item.get("deliveryTimeWindow"):
        # Whether the call fails, and how often it is repeated, only the server knows.
        return float("inf")
    return due


def moment(value: Any) -> datetime | None:
    """Return the moment that a report's timestamp names; None if it is none."""
    try:
        return timestamps.parse(value)
    except ValueError:
        return None


def close(one: datetime, other: datetime, seconds: float) -> bool:
    """Return whether two moments are no further apart than that."""
    return abs(one - other) <= timedelta(seconds=seconds)
