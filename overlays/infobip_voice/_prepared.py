"""The prepared launch: every call has its id before anything is sent."""

import copyreg
import json
from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, TypeVar, cast

from attrs import evolve, frozen

from infobip_voice._options import click_to_call_request, ivr_request
from infobip_voice_client import models
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest
from infobip_voice_client.types import UNSET, Unset

__all__ = ["JSON", "Prepared", "message_ids", "prepare_click_to_call", "prepare_ivr"]

_MAX_DESTINATIONS: Final = 20_000  # of one message (contract, `destinations`)
JSON: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

# The generated models compare with `UNSET` by identity: without this, one that was pickled or copied writes its absent members.
copyreg.pickle(Unset, lambda _: "UNSET")

R = TypeVar("R", IvrLaunchRequest, ClickToCallLaunchRequest)


@frozen(repr=False)
class Prepared(Generic[R]):
    """A launch with its bulk id and every message id filled in, before anything is sent.

    Store it (`dumps`) before sending it, and a crash can neither lose the ids nor dial twice unnoticed.

    Attributes:
        requests: the generated request models; several if one would be too large.
    """

    requests: tuple[R, ...]

    @property
    def bulk_id(self) -> str:
        """Return the bulk id that all the requests share."""
        return cast(str, self.requests[0].bulk_id)

    @property
    def message_ids(self) -> tuple[str, ...]:
        """Return the message id of every call, in order."""
        return tuple(name for request in self.requests for name in message_ids(request))

    def dumps(self) -> str:
        """Return this as JSON text. It holds telephone numbers."""
        return JSON.encode([request.to_dict() for request in self.requests])

    @staticmethod
    def loads(text: str) -> "Prepared[Any]":
        """Return what `dumps` was called on."""
        documents: list[dict[str, Any]] = json.loads(text)
        kind: Any = IvrLaunchRequest if "scenarioId" in documents[0]["messages"][0] else ClickToCallLaunchRequest
        return Prepared(tuple(kind.from_dict(document) for document in documents))

    def __repr__(self) -> str:
        return f"Prepared(bulk_id={self.bulk_id!r}, requests={len(self.requests)}, calls={len(self.message_ids)})"


def prepare_ivr(
    request: IvrLaunchRequest | None, options: Any, new_id: Callable[[], str]
) -> Prepared[IvrLaunchRequest]:
    """Return a launch of `request`, or of one message made of `options`, with all ids, split where it is too large.

    Raises:
        ValueError: a number or a period that cannot be sent, a naive time, an id that comes twice, or a paced message of
            more than 20,000 destinations: two requests would run at twice the pace.
    """
    whole = ivr_request(options) if request is None else _alone(request, options)
    parts: list[list[models.IvrMessage]] = []
    room = 0
    for message in whole.messages:
        calls = [evolve(each, message_id=each.message_id or new_id()) for each in message.destinations]
        if len(calls) > _MAX_DESTINATIONS and message.sending_speed is not UNSET:
            raise ValueError(f"more than {_MAX_DESTINATIONS} destinations with a sending_speed: launch them in batches")
        for start in range(0, len(calls), _MAX_DESTINATIONS):
            part = calls[start : start + _MAX_DESTINATIONS]
            if len(part) > room:
                parts.append([])
                room = _MAX_DESTINATIONS
            parts[-1].append(evolve(message, destinations=part))
            room -= len(part)
    bulk_id = whole.bulk_id or new_id()
    return _checked(Prepared(tuple(IvrLaunchRequest(messages, bulk_id) for messages in parts)))


def prepare_click_to_call(
    request: ClickToCallLaunchRequest | None, options: Any, new_id: Callable[[], str]
) -> Prepared[ClickToCallLaunchRequest]:
    """Return a launch of `request`, or of one message made of `options`, with all ids.

    Raises:
        ValueError: a number or a period that cannot be sent, or an id that comes twice.
    """
    whole = click_to_call_request(options) if request is None else _alone(request, options)
    messages = [evolve(message, message_id=message.message_id or new_id()) for message in whole.messages]
    return _checked(Prepared((ClickToCallLaunchRequest(messages, whole.bulk_id or new_id()),)))


def _alone(request: R, options: object) -> R:
    if options:
        raise TypeError("give either a whole request or the arguments of one message")
    return request


def _checked(prepared: Prepared[R]) -> Prepared[R]:
    names = prepared.message_ids
    if not names:
        raise ValueError("there is nobody to call")
    if len(set(names)) < len(names):
        # The platform would reject the later one, and a repeated launch could no longer be told from the first.
        raise ValueError("a message id comes twice")
    return prepared


def message_ids(request: IvrLaunchRequest | ClickToCallLaunchRequest) -> Iterator[str]:
    """Yield the message id of every call of a prepared request, in order."""
    for message in request.messages:
        for call in message.destinations if isinstance(message, models.IvrMessage) else (message,):
            yield cast(str, call.message_id)
