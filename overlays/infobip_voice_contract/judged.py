"""An exchange with what it was entitled to and what came back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Final, cast

from infobip_voice_contract.contract import Contract, Violation
from infobip_voice_contract.demands import Demand, demand, is_inexact
from infobip_voice_contract.exchange import Answer, Exchange, Request
from infobip_voice_contract.readers import Document, read
from infobip_voice_wire import documents, timestamps

__all__ = ["DEFAULT_LIMIT", "Judged", "Pushed", "Wanted", "items", "members", "moment", "text"]

DEFAULT_LIMIT: Final = 50


def members(value: Any) -> dict[str, Any]:
    """Return a value as an object; an empty one if it is anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return a value as a list; an empty one if it is anything else."""
    return list(cast("Iterable[Any]", value)) if isinstance(value, list) else []


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


def moment(value: Any) -> datetime | None:
    """Return the moment that a report's timestamp names; None if it is none."""
    return _parsed(value) if isinstance(value, str) else None


@lru_cache(maxsize=65_536)
def _parsed(value: str) -> datetime | None:
    # A dozen rules read the same timestamps.
    try:
        return timestamps.parse(value)
    except ValueError:
        return None


class Judged:
    """An exchange with what it was entitled to and what came back.

    Attributes:
        exchange: The exchange.
        number: Its place in the journal.
        request: The request.
        answer: The answer; None if there was none, or if it was a 429, which settles nothing.
        status: The status of the answer; None as for `answer`.
        repeats: Whether it is a launch with a messageId that came before, or comes twice.
    """

    def __init__(self, exchange: Exchange, contract: Contract, wanted: Demand | None = None) -> None:
        self.exchange = exchange
        self._contract = contract
        self._wanted = wanted
        # Attributes and no properties: two hundred rules look at each of them in every exchange.
        self.number: Final = exchange.number
        self.request: Final[Request] = exchange.request
        answer = exchange.answer
        self.answer: Final[Answer | None] = None if answer is None or answer.status == 429 else answer
        self.status: Final[int | None] = self.answer.status if self.answer is not None else None
        self.repeats = False

    @cached_property
    def demand(self) -> Demand:
        """What the request is entitled to.

        The contract has no largest number, and few servers have room for all: one that refuses a
        number for its size alone is not accused.
        """
        found = self._wanted or demand(self.request, self._contract)
        if self.status == 400 and found.is_valid and is_inexact(found.value):
            return replace(found, doubts=("a number is too large for many readers",))
        return found

    @cached_property
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
        return read(answer, success if 200 <= answer.status < 300 else "ApiException", self._contract)

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

    def broken_rules(self, schema: str) -> tuple[Violation, ...]:
        """Return every rule of a schema that a pushed document breaks; none if unreadable."""
        content_type = next(iter(self.request.fields("content-type")), None)
        try:
            value = documents.decode(self.request.body, content_type, schema)
        except (ValueError, KeyError):
            return ()
        return self._contract.violations(schema, value)

    @cached_property
    def is_sound(self) -> bool:
        """Whether the answer has the structure that it should, so that its values can be judged."""
        problems = self.document.problems if self.document is not None else ()
        return not any(problem.kind in ("malformed", "root", "items", "repeated") for problem in problems)

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """The entries of the answer to a launch; one with another 2xx has accepted it, too."""
        if self.status is None or not 200 <= self.status < 300 or not self.is_sound:
            return []
        return [members(entry) for entry in items(self.value.get("messages"))]

    @cached_property
    def reports(self) -> list[dict[str, Any]]:
        """The reports of an answer, or of a push."""
        if self.status != 200 or not self.is_sound:
            return []
        return [members(report) for report in items(self.value.get("results"))]

    @cached_property
    def filters(self) -> dict[str, str]:
        """The filters of a request for reports."""
        return {name: value for name, value in self.request.query if name in ("bulkId", "messageId")}

    @cached_property
    def limit(self) -> int:
        """The limit of a request for reports; the default without a valid one."""
        limit = dict(self.request.query).get("limit", "")
        return int(limit) if self.demand.is_valid and limit else DEFAULT_LIMIT


class Pushed(Judged):
    """A push: the document is in the request, and the answer is ours."""

    @cached_property
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
