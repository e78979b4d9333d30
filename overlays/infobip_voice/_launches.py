"""Launches: giving every call its id before anything is sent, sending, and reading the answers."""

import copyreg
import json
from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, TypeVar, cast

from attrs import evolve, frozen

from infobip_voice import errors
from infobip_voice._answers import NOT_UNDERSTOOD, failed, value
from infobip_voice._exchange import Flow, Request, Setup, exchange
from infobip_voice._options import click_to_call_request, ivr_request
from infobip_voice._policy import Operation
from infobip_voice_client import models
from infobip_voice_client.api.click_to_call import launch_click_to_call
from infobip_voice_client.api.ivr import launch_outbound_ivr
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest, VoiceResponse
from infobip_voice_client.types import UNSET, Unset
from infobip_voice_wire import media_types

__all__ = ["Launch", "Prepared", "launch", "prepare_click_to_call", "prepare_ivr"]

_MOST_DESTINATIONS: Final = 20_000  # of one message (contract, `destinations`)
_DUPLICATE: Final = "REJECTED_DUPLICATE_MESSAGE_ID"
_JSON: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

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
        return tuple(name for request in self.requests for name in _message_ids(request))

    def dumps(self) -> str:
        """Return this as JSON text. It holds telephone numbers."""
        return _JSON.encode([request.to_dict() for request in self.requests])

    @staticmethod
    def loads(text: str) -> "Prepared[Any]":
        """Return what `dumps` was called on."""
        documents: list[dict[str, Any]] = json.loads(text)
        kind: Any = IvrLaunchRequest if "scenarioId" in documents[0]["messages"][0] else ClickToCallLaunchRequest
        return Prepared(tuple(kind.from_dict(document) for document in documents))

    def __repr__(self) -> str:
        return f"Prepared(bulk_id={self.bulk_id!r}, requests={len(self.requests)}, calls={len(self.message_ids)})"


@frozen(repr=False)
class Launch:
    """What became of a launch.

    Attributes:
        bulk_id: the name of the request.
        responses: the answers as generated models, one for each request that was needed.
        went_through_before: message ids that a repeated request found in use: the first try had gone through.
        unlisted: message ids that no answer has an entry for. Their calls may be made all the same.
    """

    bulk_id: str
    responses: tuple[VoiceResponse, ...]
    went_through_before: frozenset[str] = frozenset()
    unlisted: tuple[str, ...] = ()

    @property
    def messages(self) -> list[models.VoiceResponseDetails]:
        """Return the entry of every call, in order."""
        return [entry for response in self.responses for entry in response.messages]

    @property
    def rejected(self) -> list[models.VoiceResponseDetails]:
        """Return the entries of calls that will not be made (status group 5)."""
        return [entry for entry in self.messages if self._is_rejected(entry)]

    @property
    def accepted(self) -> list[models.VoiceResponseDetails]:
        """Return the entries of calls that are being made."""
        return [entry for entry in self.messages if not self._is_rejected(entry)]

    def _is_rejected(self, entry: models.VoiceResponseDetails) -> bool:
        return entry.status.group_id == 5 and entry.message_id not in self.went_through_before

    def __repr__(self) -> str:
        return f"Launch(bulk_id={self.bulk_id!r}, calls={len(self.messages)}, rejected={len(self.rejected)})"


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
        if len(calls) > _MOST_DESTINATIONS and message.sending_speed is not UNSET:
            raise ValueError(
                f"more than {_MOST_DESTINATIONS} destinations with a sending_speed: launch them in batches"
            )
        for start in range(0, len(calls), _MOST_DESTINATIONS):
            part = calls[start : start + _MOST_DESTINATIONS]
            if len(part) > room:
                parts.append([])
                room = _MOST_DESTINATIONS
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


def _message_ids(request: IvrLaunchRequest | ClickToCallLaunchRequest) -> Iterator[str]:
    for message in request.messages:
        for call in message.destinations if isinstance(message, models.IvrMessage) else (message,):
            yield cast(str, call.message_id)


def launch(setup: Setup, prepared: Prepared[R], repeat_uncertain: bool, sent_before: bool) -> Flow[Launch]:
    """Send the requests of a prepared launch, one after the other, and return what became of them.

    Raises:
        VoiceError: of the request that failed; those after it are not sent and are in its `unsent`.
    """
    responses: list[VoiceResponse] = []
    before: set[str] = set()
    for number, model in enumerate(prepared.requests, 1):
        try:
            response, repeated = yield from _launch_one(setup, _request(setup, model, repeat_uncertain))
        except errors.VoiceError as error:
            error.accepted = tuple(responses)
            error.unsent = Prepared(prepared.requests[number:]) if prepared.requests[number:] else None
            raise
        responses.append(response)
        if sent_before or repeated:
            before |= {entry.message_id for entry in response.messages if entry.status.name == _DUPLICATE}
    listed = {entry.message_id for response in responses for entry in response.messages}
    unlisted = tuple(name for name in prepared.message_ids if name not in listed)
    return Launch(prepared.bulk_id, tuple(responses), frozenset(before), unlisted)


def _launch_one(setup: Setup, request: Request) -> Flow[tuple[VoiceResponse, bool]]:
    exchanged = yield from exchange(setup, request)
    if exchanged.verdict != "answered":
        raise failed(request, exchanged)
    try:
        return VoiceResponse.from_dict(value(exchanged.outcome, "VoiceResponse")), exchanged.repeated
    except NOT_UNDERSTOOD as error:
        reason = f"the answer cannot be understood ({type(error).__name__}: {error})"
        raise failed(request, exchanged, reason) from None


def _request(setup: Setup, model: R, repeat_uncertain: bool) -> Request:
    if isinstance(model, IvrLaunchRequest):
        name, arguments = "ivr.launch", launch_outbound_ivr._get_kwargs(body=model)  # pyright: ignore[reportPrivateUsage]
    else:
        name, arguments = "click_to_call.launch", launch_click_to_call._get_kwargs(body=model)  # pyright: ignore[reportPrivateUsage]
    if setup.wire_format == "xml":
        from infobip_voice_wire import xml

        form, body = media_types.XML, xml.encode(arguments["json"], type(model).__name__)
    else:
        form, body = media_types.JSON, _JSON.encode(arguments["json"]).encode()
    operation = Operation(name, repeat_uncertain)
    names = cast(str, model.bulk_id), tuple(_message_ids(model))
    return Request(operation, arguments["method"].upper(), arguments["url"], body, form, *names)
