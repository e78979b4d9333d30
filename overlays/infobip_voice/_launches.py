"""Launches: building requests, giving every call its id before anything is sent, and reading the answers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NamedTuple, Required, TypedDict, TypeVar, cast

from attrs import evolve, frozen

from infobip_voice import errors
from infobip_voice._answers import UNREADABLE, content, failed, kept, parse
from infobip_voice._exchange import Flow, Request, Setup, exchange
from infobip_voice._policy import Operation
from infobip_voice_client.api.click_to_call import launch_click_to_call
from infobip_voice_client.api.ivr import launch_outbound_ivr
from infobip_voice_client.models import (
    CallRetry,
    ClickToCallLaunchRequest,
    ClickToCallMessage,
    IvrDestination,
    IvrLaunchRequest,
    IvrMessage,
    ScenarioParameters,
    SendingSpeed,
    VoiceResponse,
    VoiceResponseDetails,
)
from infobip_voice_client.types import UNSET, Unset
from infobip_voice_wire import media_types
from infobip_voice_wire.telephone import normalise, normalise_sender
from infobip_voice_wire.timestamps import format_send_at

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ClickToCallOptions", "IvrOptions", "Launch", "Prepared", "Redial", "launch", "prepare_click_to_call", "prepare_ivr",
]  # fmt: skip

_MOST_DESTINATIONS: Final = 20_000  # of one message (contract, `destinations`)
_DUPLICATE: Final = "REJECTED_DUPLICATE_MESSAGE_ID"
_JSON: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

NotifyContentType = Literal["application/json", "application/xml"]
R = TypeVar("R", IvrLaunchRequest, ClickToCallLaunchRequest)
T = TypeVar("T")


class Redial(NamedTuple):
    """When the *platform* dials again after a failed attempt: the API's `retry`. (Not the repeating of a lost request.)

    Attributes:
        min_period: the shortest wait, as a timedelta or in minutes; the platform's default is 1.
        max_period: the longest wait, as a timedelta or in minutes; the platform's default is 1440.
        max_count: the most redials; more than 4 counts as 4.
    """

    min_period: timedelta | int | None = None
    max_period: timedelta | int | None = None
    max_count: int | None = None


class _Options(TypedDict, total=False):
    bulk_id: str
    from_: str
    record: bool
    notify_url: str
    notify_content_type: NotifyContentType
    redial: Redial


class IvrOptions(_Options, total=False):
    """The arguments of `ivr.launch` and `ivr.prepare`; what is left out is not sent, and the platform's default holds.

    Attributes:
        scenario_id: the key of the scenario to play.
        to: the telephones, as people write them (`+385 98 111-222`), or `IvrDestination`s with a message id of yours.
        from_: the number that is shown, at most 14 digits.
        parameters: values for the scenario.
        callback_data: at most 200 characters, echoed in the pushed report.
        validity_period: how long calls may still be started, as a timedelta or in minutes.
        send_at: when to start, with an offset; a time that has passed means now.
        sending_speed: a pace, such as `SendingSpeed(10, "hour")`.
        record: record the call.
        notify_url: where to push the reports, which then cannot be fetched.
        notify_content_type: the form of the pushed report.
        redial: when the platform dials again.
        bulk_id: the name of the request; made if left out.
    """

    scenario_id: Required[str]
    to: Required[str | Sequence[str | IvrDestination]]
    parameters: Mapping[str, str]
    callback_data: str
    validity_period: timedelta | int
    send_at: datetime
    sending_speed: SendingSpeed


class ClickToCallOptions(_Options, total=False):
    """The arguments of `click_to_call.launch` and `.prepare`; what is left out is not sent.

    Attributes:
        destination_a: the telephone that is called first, as people write it.
        destination_b: the telephone that A is connected with.
        from_: the number that A sees; required by the contract.
        from_b: the number that B sees.
        message_id: the name of the call; made if left out.
        text: a text spoken to A before the transfer.
        language: its language.
        audio_file_url: an audio file played to A before the transfer.
        anonymization: show `from_` to B too, instead of A's number.
        max_duration: the longest the transferred call may last, as a timedelta or in seconds.
        warning_time: how long before that a beep is played, as a timedelta or in seconds.
        record, notify_url, notify_content_type, redial, bulk_id: as in `IvrOptions`.
    """

    destination_a: Required[str]
    destination_b: Required[str]
    message_id: str
    from_b: str
    text: str
    language: str
    audio_file_url: str
    anonymization: bool
    max_duration: timedelta | int
    warning_time: timedelta | int


@frozen
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
        kind = IvrLaunchRequest if "scenarioId" in documents[0]["messages"][0] else ClickToCallLaunchRequest
        return Prepared(tuple(kind.from_dict(document) for document in documents))

    def __repr__(self) -> str:
        return f"Prepared(bulk_id={self.bulk_id!r}, requests={len(self.requests)}, calls={len(self.message_ids)})"


@frozen
class Launch:
    """What became of a launch.

    Attributes:
        bulk_id: the name of the request.
        responses: the answers as generated models, one for each request that was needed.
        went_through_before: message ids that a repeated request found in use: the first try had gone through.
    """

    bulk_id: str
    responses: tuple[VoiceResponse, ...]
    went_through_before: frozenset[str] = frozenset()

    @property
    def messages(self) -> list[VoiceResponseDetails]:
        """Return the entry of every call, in order."""
        return [entry for response in self.responses for entry in response.messages]

    @property
    def rejected(self) -> list[VoiceResponseDetails]:
        """Return the entries of calls that will not be made (status group 5)."""
        return [e for e in self.messages if e.status.group_id == 5 and e.message_id not in self.went_through_before]

    @property
    def accepted(self) -> list[VoiceResponseDetails]:
        """Return the entries of calls that are being made."""
        rejected = self.rejected
        return [entry for entry in self.messages if entry not in rejected]

    def __repr__(self) -> str:
        return f"Launch(bulk_id={self.bulk_id!r}, calls={len(self.messages)}, rejected={len(self.rejected)})"


def prepare_ivr(
    request: IvrLaunchRequest | None, options: Any, new_id: "Callable[[], str]"
) -> Prepared[IvrLaunchRequest]:
    """Return a launch of `request`, or of one message made of `options`, with all ids, split where it is too large.

    Raises:
        ValueError: a number or a period that cannot be sent, a naive time, an id that comes twice, or a paced message of
            more than 20,000 destinations: two requests would run at twice the pace.
    """
    if request is None:
        request = _ivr_request(**options)
    elif options:
        raise TypeError("give either a whole request or the arguments of one message")
    parts: list[list[IvrMessage]] = [[]]
    room = _MOST_DESTINATIONS
    for message in request.messages:
        destinations = [
            IvrDestination(each.to, each.message_id if each.message_id is not UNSET else new_id())
            for each in message.destinations
        ]
        if len(destinations) > _MOST_DESTINATIONS and message.sending_speed is not UNSET:
            raise ValueError(
                f"more than {_MOST_DESTINATIONS} destinations with a sending_speed: launch them in batches"
            )
        while True:
            if parts[-1] and len(destinations) > room:
                parts.append([])
                room = _MOST_DESTINATIONS
            parts[-1].append(evolve(message, destinations=destinations[:_MOST_DESTINATIONS]))
            room -= len(destinations)
            destinations = destinations[_MOST_DESTINATIONS:]
            if not destinations:
                break
    bulk_id = request.bulk_id or new_id()
    return _checked(Prepared(tuple(IvrLaunchRequest(messages, bulk_id) for messages in parts)))


def prepare_click_to_call(
    request: ClickToCallLaunchRequest | None, options: Any, new_id: "Callable[[], str]"
) -> Prepared[ClickToCallLaunchRequest]:
    """Return a launch of `request`, or of one message made of `options`, with all ids.

    Raises:
        ValueError: a number or a period that cannot be sent, or an id that comes twice.
    """
    if request is None:
        request = _click_to_call_request(**options)
    elif options:
        raise TypeError("give either a whole request or the arguments of one message")
    messages = [
        message if message.message_id is not UNSET else evolve(message, message_id=new_id())
        for message in request.messages
    ]
    return _checked(Prepared((ClickToCallLaunchRequest(messages, request.bulk_id or new_id()),)))


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
        for call in message.destinations if isinstance(message, IvrMessage) else (message,):
            yield cast(str, call.message_id)


def _ivr_request(
    *,
    scenario_id: str,
    to: str | Sequence[str | IvrDestination],
    from_: str | None = None,
    parameters: Mapping[str, str] | None = None,
    validity_period: timedelta | int | None = None,
    send_at: datetime | None = None,
    redial: Redial | None = None,
    bulk_id: str | None = None,
    **rest: Any,
) -> IvrLaunchRequest:
    message = IvrMessage(
        scenario_id,
        [_destination(each) for each in ([to] if isinstance(to, str) else to)],
        from_=UNSET if from_ is None else normalise_sender(from_, 14),
        parameters=UNSET if parameters is None else ScenarioParameters.from_dict(parameters),
        validity_period=_whole(validity_period, timedelta(minutes=1)),
        send_at=UNSET if send_at is None else format_send_at(send_at),
        retry=_retry(redial),
        **_given(rest),
    )
    return IvrLaunchRequest([message], bulk_id or UNSET)


def _click_to_call_request(
    *,
    destination_a: str,
    destination_b: str,
    from_: str,
    from_b: str | None = None,
    language: str | Unset = UNSET,
    anonymization: bool | Unset = UNSET,
    max_duration: timedelta | int | None = None,
    warning_time: timedelta | int | None = None,
    redial: Redial | None = None,
    bulk_id: str | None = None,
    **rest: Any,
) -> ClickToCallLaunchRequest:
    message = ClickToCallMessage(
        normalise_sender(from_, 15),
        normalise(destination_a),
        normalise(destination_b),
        from_b=UNSET if from_b is None else normalise_sender(from_b, 15),
        language=_unset(language),
        anonymization=_unset(anonymization),
        max_duration=_whole(max_duration, timedelta(seconds=1)),
        warning_time=_whole(warning_time, timedelta(seconds=1)),
        retry=_retry(redial),
        **_given(rest),
    )
    return ClickToCallLaunchRequest([message], bulk_id or UNSET)


def _destination(each: str | IvrDestination) -> IvrDestination:
    return IvrDestination(normalise(each)) if isinstance(each, str) else evolve(each, to=normalise(each.to))


def _unset(value: T | None) -> T | Unset:
    return UNSET if value is None else value


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _whole(period: timedelta | int | None, unit: timedelta) -> int | Unset:
    if period is None:
        return UNSET
    if isinstance(period, int):
        return period
    count, rest = divmod(period, unit)
    if rest:
        raise ValueError(f"{period} is not a whole number of {'minutes' if unit.seconds == 60 else 'seconds'}")
    return count


def _retry(redial: Redial | None) -> CallRetry | Unset:
    if redial is None:
        return UNSET
    minute = timedelta(minutes=1)
    # All three by name: what is left out must not become the generated model's default.
    return CallRetry(
        min_period=_whole(redial.min_period, minute),
        max_period=_whole(redial.max_period, minute),
        max_count=_unset(redial.max_count),
    )


def launch(setup: Setup, prepared: Prepared[R], *, sent_before: bool, repeat_uncertain: bool) -> Flow[Launch]:
    """Send the requests of a prepared launch, one after the other, and return what became of them.

    Raises:
        VoiceError: of the request that failed; those after it are not sent and are in its `unsent`.
    """
    responses: list[VoiceResponse] = []
    before: set[str] = set()
    for number, model in enumerate(prepared.requests, 1):
        try:
            response, repeated = yield from _launch_one(setup, model, repeat_uncertain)
        except errors.VoiceError as error:
            error.accepted = tuple(responses)
            error.unsent = Prepared(prepared.requests[number:]) if prepared.requests[number:] else None
            raise
        responses.append(response)
        if sent_before or repeated:
            before |= {entry.message_id for entry in response.messages if entry.status.name == _DUPLICATE}
    return Launch(prepared.bulk_id, tuple(responses), frozenset(before))


def _launch_one(setup: Setup, model: R, repeat_uncertain: bool) -> Flow[tuple[VoiceResponse, bool]]:
    names = tuple(_message_ids(model))
    request = _request(setup, model, len(names), repeat_uncertain)
    outcome, verdict, repeated = yield from exchange(setup, request)
    if verdict != "answered":
        raise failed(request, outcome, verdict, names)
    try:
        value = parse(outcome.headers.get("content-type"), content(outcome.headers, outcome.body), "VoiceResponse")
        return VoiceResponse.from_dict(value), repeated
    except (*UNREADABLE, KeyError, TypeError, AttributeError) as error:
        raise errors.LaunchUnreadable(
            f"the answer cannot be understood: {type(error).__name__}",
            operation=request.operation.name,
            bulk_id=request.bulk_id,
            message_ids=names,
            status=outcome.status,
            headers=outcome.headers,
            body=kept(outcome),
        ) from None


def _request(setup: Setup, model: R, calls: int, repeat_uncertain: bool) -> Request:
    if isinstance(model, IvrLaunchRequest):
        name, schema, arguments = "ivr.launch", "IvrLaunchRequest", launch_outbound_ivr._get_kwargs(body=model)
    else:
        name, schema, arguments = (
            "click_to_call.launch",
            "ClickToCallLaunchRequest",
            launch_click_to_call._get_kwargs(body=model),
        )
    if setup.wire_format == "xml":
        from infobip_voice_wire import xml

        media_type, body = media_types.XML, xml.encode(arguments["json"], schema)
    else:
        media_type, body = media_types.JSON, _JSON.encode(arguments["json"]).encode()
    return Request(
        Operation(name, repeat_uncertain), arguments["method"].upper(), arguments["url"], body, media_type, media_type,
        cast(str, model.bulk_id), calls,
    )  # fmt: skip
