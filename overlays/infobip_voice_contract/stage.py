"""What scripts are written with: fresh ids, numbers, and requests."""

import copy
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final, Literal

from infobip_voice_contract.clock import Clock, SystemClock
from infobip_voice_contract.contract import Contract, Edition
from infobip_voice_contract.exchange import ACCOUNT, Fields, Request
from infobip_voice_contract.safety import Numbers
from infobip_voice_wire import xml

__all__ = ["ABSENT", "CTC", "IVR", "REPORTS", "Form", "Stage", "changed"]

Form = Literal["json", "xml"]
IVR: Final = "/voice/ivr/1/messages"
CTC: Final = "/voice/ctc/1/send"
REPORTS: Final = "/tts/3/reports"
CALLER: Final = "41793026700"  # the documentation's own; it is shown, and not dialled
_TYPES: Final = {"json": "application/json", "xml": "application/xml"}
_STEP: Final = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


class _Absent:
    """In `changed`, takes a member away."""


ABSENT: Final = _Absent()


def changed(document: Any, changes: Mapping[str, Any]) -> Any:
    """Return a copy of a document with other values at some paths, such as `messages[0].from`."""
    result = copy.deepcopy(document)
    for path, value in changes.items():
        steps: list[Any] = [int(index) if index else name for name, index in _STEP.findall(path)]
        place: Any = result
        for step, following in pairwise(steps):
            if step not in place and not isinstance(step, int):
                place[step] = [] if isinstance(following, int) else {}
            place = place[step]
        if value is ABSENT:
            del place[steps[-1]]
        elif steps[-1] == len(place):
            place.append(value)
        else:
            place[steps[-1]] = value
    return result


class Stage:
    """What the scripts of one run have in common.

    Args:
        run: The random id of the run.
        contract: The judged contract.
        numbers: Numbers by outcome.
        sink: The address of the push receiver; empty if there is none.
        shared: Whether others use the account, so that only filtered reads are allowed.
        patient: Whether scripts may wait for minutes.
        placeholders: The placeholders for credentials that can be filled in.
        clock: Tells the time; by default that of this machine.
    """

    def __init__(
        self,
        run: str,
        contract: Contract,
        numbers: Numbers,
        *,
        sink: str = "",
        shared: bool = False,
        patient: bool = False,
        placeholders: Iterable[str] = (),
        clock: Clock | None = None,
    ) -> None:
        self.run = run
        self.contract = contract
        self.numbers = numbers
        self.sink = sink
        self.shared = shared
        self.patient = patient
        self.placeholders = frozenset(placeholders)
        self.foreign = False
        self._clock = clock or SystemClock()
        self._made = 0

    @property
    def edition(self) -> Edition:
        """The edition that the server speaks."""
        return self.contract.edition

    @property
    def may_read_all(self) -> bool:
        """Whether a read without a filter can take nobody else's reports."""
        return not self.shared and not self.foreign

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.fromtimestamp(self._clock.now(), UTC)

    def id(self, hint: str = "") -> str:
        """Return an id that nobody has used."""
        self._made += 1
        return f"kit-{self.run}-{self._made}{'-' if hint else ''}{hint}"

    def ivr(
        self, calls: int = 1, *, bulk: str | None = None, ids: Iterable[str | None] = (), **item: Any
    ) -> dict[str, Any]:
        """Return an IVR launch with one `messages[]` item.

        Args:
            calls: How many destinations it has.
            bulk: Its bulkId.
            ids: The messageIds of the first destinations.
            item: Further members of the item.
        """
        named = iter(ids)
        destinations: list[dict[str, Any]] = []
        for _ in range(calls):
            message_id = next(named, None)
            destinations.append({"to": self.numbers.take()} | ({"messageId": message_id} if message_id else {}))
        body: dict[str, Any] = {"bulkId": bulk} if bulk else {}
        return {**body, "messages": [{"scenarioId": "contract-kit", "destinations": destinations, **item}]}

    def ctc(
        self, calls: int = 1, *, bulk: str | None = None, ids: Iterable[str | None] = (), **item: Any
    ) -> dict[str, Any]:
        """Return a click-to-call launch, with the same members in each `messages[]` item."""
        named = iter(ids)
        messages: list[dict[str, Any]] = []
        for _ in range(calls):
            message_id = next(named, None)
            pair = {"from": CALLER, "destinationA": self.numbers.take(), "destinationB": self.numbers.take()}
            messages.append(pair | ({"messageId": message_id} if message_id else {}) | item)
        body: dict[str, Any] = {"bulkId": bulk} if bulk else {}
        return {**body, "messages": messages}

    def post(
        self,
        document: Any,
        path: str = IVR,
        *,
        form: Form = "json",
        accept: str | None = "same",
        authorization: str | None = ACCOUNT,
        content_type: str | None = "same",
        method: str = "POST",
    ) -> Request:
        """Return a launch.

        Args:
            document: A value to write in the form, or the bytes of the body.
            path: The path of the operation.
            form: The form of the body.
            accept: The Accept field; `same` for the form of the body, None for no field.
            authorization: The Authorization field, or a placeholder; None for no field.
            content_type: The Content-Type field; `same` for the form of the body.
            method: The method.
        """
        if isinstance(document, bytes):
            body = document
        elif form == "xml":
            body = xml.encode(document, "ClickToCallLaunchRequest" if path == CTC else "IvrLaunchRequest")
        else:
            body = json.dumps(document, ensure_ascii=False).encode()
        fields = _fields(authorization, _TYPES[form] if accept == "same" else accept)
        content = _TYPES[form] if content_type == "same" else content_type
        return Request(method, path, (*fields, *((("Content-Type", content),) if content else ())), body)

    def get(
        self,
        *,
        accept: str | None = "application/json",
        authorization: str | None = ACCOUNT,
        headers: Fields = (),
        body: bytes = b"",
        method: str = "GET",
        query: str | None = None,
        path: str = REPORTS,
        **filters: str | int,
    ) -> Request:
        """Return a request for reports.

        Args:
            accept: The Accept field; None for no field.
            authorization: The Authorization field, or a placeholder; None for no field.
            headers: Further header fields.
            body: A body, which a server ignores.
            method: The method.
            query: The whole query, as it goes out.
            path: The path.
            filters: `bulkId`, `messageId` and `limit`.
        """
        from urllib.parse import urlencode

        text = urlencode(filters) if query is None else query
        target = f"{path}?{text}" if text else path
        return Request(method, target, (*_fields(authorization, accept), *headers), body)


def _fields(authorization: str | None, accept: str | None) -> Fields:
    fields = (("Authorization", authorization), ("Accept", accept))
    return tuple((name, value) for name, value in fields if value is not None)
