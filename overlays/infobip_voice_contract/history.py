"""Everything that happened between the kit and a server, as the rules look at it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from infobip_voice_contract.contract import Contract
from infobip_voice_contract.demands import Demand
from infobip_voice_contract.exchange import Exchange
from infobip_voice_contract.judged import Judged, Pushed, Wanted, items, members, moment, text

__all__ = ["Call", "History"]

_UNIT_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


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
    launch: Judged
    due: float
    pushed: bool

    @property
    def item(self) -> dict[str, Any]:
        """The `messages[]` item that asked for it; an empty one if none is known."""
        return self.wanted.item if self.wanted is not None else {}

    def matches(self, judged: Judged) -> bool:
        """Return whether the filters of a request for reports let the report through."""
        filters = judged.filters
        return filters.get("bulkId", self.bulk_id) == self.bulk_id and (
            filters.get("messageId", self.message_id) == self.message_id
        )

    @property
    def to(self) -> str | None:
        """The number that was to be called."""
        return self.wanted.to if self.wanted is not None else None


@dataclass
class History:
    """All exchanges in order, and what follows from them.

    Attributes:
        contract: What judges them.
        delay: How long the report of an answered call takes to appear, in seconds, as measured by
            the sentinel; None if none appeared, so that nothing can be said to be missing.
        shared: Whether others use the account, who may take reports.
        exchanges: All exchanges.
        answered: Those of our requests that were answered with anything but 429.
        calls: The accepted calls by id.
        launches: How often a message id was accepted.
        rejected: The launches whose calls were rejected, by the call's id.
        reads: The requests for reports that were answered with 200.
        pushes: What the server sent to our receiver.
        handed: The reads that returned a report, by message id, as often as they did.
        served: The operations, with the form of the body, of which a valid launch was accepted.
        foreign: Reports that belong to nobody we know, with their reads.
    """

    contract: Contract
    delay: float | None = None
    shared: bool = False
    exchanges: list[Judged] = field(default_factory=list[Judged])
    answered: list[Judged] = field(default_factory=list[Judged])
    calls: dict[str, Call] = field(default_factory=dict[str, Call])
    rejected: dict[str, Judged] = field(default_factory=dict[str, Judged])
    reads: list[Judged] = field(default_factory=list[Judged])
    pushes: list[Judged] = field(default_factory=list[Judged])
    handed: defaultdict[str, list[Judged]] = field(default_factory=lambda: defaultdict[str, list[Judged]](list))
    foreign: list[tuple[Judged, dict[str, Any]]] = field(default_factory=list[tuple[Judged, dict[str, Any]]])
    launches: Counter[str] = field(default_factory=Counter[str])
    served: set[tuple[str, str | None]] = field(default_factory=set[tuple[str, str | None]])
    _own: set[str | None] = field(default_factory=set[str | None])
    _named: defaultdict[str, list[Judged]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, exchanges: Iterable[Exchange], contract: Contract, **known: Any) -> "History":
        """Return the history of recorded exchanges."""
        history = cls(contract, **known)
        for exchange in exchanges:
            history.add(exchange)
        return history

    def add(self, exchange: Exchange, wanted: Demand | None = None) -> Judged:
        """Add an exchange, and return it judged.

        Args:
            exchange: What happened.
            wanted: What its request is entitled to, if somebody has looked at that before.
        """
        kind = Judged if exchange.direction == "out" else Pushed
        judged = kind(exchange, self.contract, wanted)
        self.exchanges.append(judged)
        if judged.answer is not None and exchange.direction == "out":
            self.answered.append(judged)
        if exchange.direction == "push":
            self.pushes.append(judged)
        elif judged.operation in ("ivr", "ctc"):
            self._launched(judged)
        elif judged.operation == "reports" and judged.status == 200:
            self._read(judged)
        return judged

    @property
    def patience(self) -> float | None:
        """How long after it is due a report has to be there; None if none ever appeared."""
        return None if self.delay is None else 3 * max(self.delay, 0.1)

    @property
    def own_reports(self) -> Iterator[tuple[Judged, dict[str, Any], Call]]:
        """The fetched reports of our calls, each with its read and its call."""
        for judged in self.reads:
            for report in judged.reports:
                call = self.call_of(report)
                if call is not None:
                    yield judged, report, call

    def call_of(self, report: dict[str, Any]) -> Call | None:
        """Return the call that a report is about; None if it is none of ours.

        Of calls that were accepted twice under one id, nobody knows which report is whose.
        """
        call = self.calls.get(text(report.get("messageId")) or "")
        return call if call is not None and self.launches[call.message_id] == 1 else None

    def is_due(self, call: Call, moment: float) -> bool:
        """Return whether a call's report has to be there at a moment, if nobody has taken it."""
        return self.patience is not None and not call.pushed and call.due + self.patience <= moment

    def pending(self) -> list[Call]:
        """Return the accepted calls, not pushed ones, whose report has not been handed out."""
        return [call for call in self.calls.values() if not call.pushed and call.message_id not in self.handed]

    def of_script(self, script: str) -> list[Judged]:
        """Return the exchanges of one script."""
        return [judged for judged in self.exchanges if judged.exchange.script == script]

    def _launched(self, judged: Judged) -> None:
        # Whatever a launch names belongs to us, also if it should have been refused.
        self._own.update(_texts(judged.demand.value), _texts(judged.value))
        if not judged.demand.is_valid:
            return
        self._note_repeats(judged)
        if judged.status == 200:
            self.served.add((judged.operation, judged.demand.form))
        supplied = text(members(judged.demand.value).get("bulkId"))
        bulk_id = text(judged.value.get("bulkId")) if judged.entries else None
        paired = len(judged.entries) == len(judged.wanted)
        for index, entry in enumerate(judged.entries):
            message_id = text(entry.get("messageId"))
            if message_id is None:
                continue
            wanted = judged.wanted[index] if paired else None
            if members(entry.get("status")).get("groupId") == 5:
                self.rejected.setdefault(message_id, judged)
                continue
            self.launches[message_id] += 1
            due = _due(wanted, judged.exchange.ended) if wanted else judged.exchange.ended
            pushed = bool(wanted and wanted.item.get("notifyUrl"))
            self.calls.setdefault(message_id, Call(message_id, bulk_id or supplied, wanted, judged, due, pushed))

    def _note_repeats(self, judged: Judged) -> None:
        names = [wanted.message_id for wanted in judged.wanted if wanted.message_id]
        for name in names:
            for before in self._named[name]:
                judged.repeats = True
                # Of launches at the same time nobody knows which came first.
                before.repeats = before.repeats or judged.exchange.started <= before.exchange.ended
            self._named[name].append(judged)
        for entry in judged.entries:
            self._named[text(entry.get("messageId")) or ""].append(judged)

    def _read(self, judged: Judged) -> None:
        self.reads.append(judged)
        if not judged.is_sound and judged.answer is not None:
            # Whatever it was meant to be, the reports of the calls that it names are gone.
            named = {*_texts(judged.value), *re.split('[<>"]', judged.answer.body.decode(errors="replace"))}
            for name in self.calls.keys() & named:
                self.handed[name].append(judged)
        for report in judged.reports:
            message_id, bulk_id = text(report.get("messageId")), text(report.get("bulkId"))
            if message_id is not None:
                self.handed[message_id].append(judged)
            names: set[str | None] = {message_id, bulk_id, text(report.get("to"))} - {None}
            if names and self._own.isdisjoint(names):
                self.foreign.append((judged, report))


def _texts(value: Any) -> Iterator[str]:
    """Return every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in members(value).values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in items(value):
            yield from _texts(inner)


def _due(wanted: Wanted, launched: float) -> float:
    """Return when a call begins, which is when its report can first be there."""
    at = moment(wanted.item.get("sendAt"))
    due = launched if at is None else max(launched, at.timestamp())
    speed = members(wanted.item.get("sendingSpeed"))
    if speed:
        due += (
            float(_UNIT_SECONDS.get(str(speed.get("timeUnit")), 0)) * wanted.position / float(speed.get("speed") or 1)
        )
    retry = members(wanted.item.get("retry"))
    if retry or wanted.item.get("deliveryTimeWindow"):
        # Whether the call fails, and how often it is repeated, only the server knows.
        return float("inf")
    return due
