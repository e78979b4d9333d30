"""Faults on demand: what a network or a platform can do to a request.

A fault strikes before the request has any effect, unless its kind ends in `after-effect`.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from infobip_voice_mock.answers import NOTHING, Answer, Refusal

__all__ = ["KINDS", "Fault", "Faults"]

KINDS: Final = {
    "latency": "waits `seconds` before anything happens",
    "throttled": "is answered with 429 and `Retry-After`: `seconds`, rounded up",
    "server-error": "is answered with `status`",
    "reset-before-effect": "has its connection reset",
    "reset-after-effect": "takes effect, and has its connection reset instead of an answer",
    "truncated-after-effect": "takes effect, and its answer breaks off in the middle",
    "server-error-after-effect": "takes effect, and is answered with `status`",
    "wrong-content-type-after-effect": "takes effect, and its answer says `text/html`",
}
"""What each kind does to a request. `reset-after-effect` loses the reports that were fetched."""


@dataclass
class Fault:
    """A fault, and which requests it strikes.

    Attributes:
        id: The id of the fault in the control plane.
        kind: One of `KINDS`.
        operation: The contract's operationId of the requests that count; None counts all.
        first: Of the requests that count, only the first so many can be struck; None for all.
        every: N strikes only each N-th of the requests that count; None each one.
        probability: The probability with which a request is struck; None for certainty.
        seed: Seeds the generator behind `probability`, so that a run can be repeated.
        seconds: How long `latency` waits, and what `throttled` says in `Retry-After`, rounded up.
        status: The status of the server errors.
        seen: How many requests have counted so far.
        struck: How many of those the fault has struck.
    """

    id: str
    kind: str
    operation: str | None = None
    first: int | None = None
    every: int | None = None
    probability: float | None = None
    seed: int = 0
    seconds: float = 1
    status: int = HTTPStatus.SERVICE_UNAVAILABLE.value
    seen: int = 0
    struck: int = 0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable on purpose

    def strikes(self, operation: str) -> bool:
        """Count a request of that operationId, and return whether the fault strikes it."""
        if self.operation not in (None, operation):
            return False
        self.seen += 1
        struck = (
            (self.first is None or self.seen <= self.first)
            and (self.every is None or self.seen % self.every == 0)
            and (self.probability is None or self._random.random() < self.probability)
        )
        self.struck += struck
        return struck

    def delay(self) -> float:
        """Return how many seconds the request waits before anything happens."""
        return self.seconds if self.kind == "latency" else 0

    def before(self, media_type: str) -> Answer | None:
        """Return the answer to a request that must not take effect; None if it may."""
        match self.kind:
            case "throttled":
                retry_after = {"Retry-After": str(math.ceil(self.seconds))}  # RFC 9110: whole seconds
                return Refusal(429, "TOO_MANY_REQUESTS", "Too many requests", headers=retry_after).answer(media_type)
            case "server-error":
                return self._server_error(media_type)
            case "reset-before-effect":
                return NOTHING
            case _:
                return None

    def after(self, answer: Answer, media_type: str) -> Answer:
        """Return what to send instead of `answer`, once the request has taken effect."""
        match self.kind:
            case "reset-after-effect":
                return NOTHING
            case "truncated-after-effect":
                return Answer(answer.status, answer.headers, answer.body, cut_at=len(answer.body) // 2)
            case "server-error-after-effect":
                return self._server_error(media_type)
            case "wrong-content-type-after-effect":
                headers = tuple((name, value) for name, value in answer.headers if name != b"content-type")
                return Answer(answer.status, ((b"content-type", b"text/html"), *headers), answer.body)
            case _:
                return answer

    def _server_error(self, media_type: str) -> Answer:
        return Refusal(self.status, "GENERAL_ERROR", "a fault that was asked for").answer(media_type)


class Faults:
    """The faults of an account."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._added = 0

    def add(self, options: Mapping[str, Any]) -> Fault:
        """Add a fault, and return it.

        Args:
            options: Attributes of `Fault`: `kind`, and any from `operation` to `status`.
        """
        self._added += 1
        fault = Fault(id=f"fault-{self._added}", **options)
        self._faults[fault.id] = fault
        return fault

    def remove(self, fault_id: str) -> bool:
        """Remove one fault; return False if there is none of that id."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def all(self) -> list[Fault]:
        """Return the faults in the order in which they were added."""
        return list(self._faults.values())

    def strike(self, operation: str) -> Fault | None:
        """Return the fault that strikes a request of that operationId; None if none does.

        Faults are tried in the order in which they were added, and each that is tried counts the
        request. Those after the one that strikes are not tried.
        """
        return next((fault for fault in self._faults.values() if fault.strikes(operation)), None)
