"""The arguments of a launch, as people write them, and how they become the generated models."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final, Literal, NamedTuple, Required, TypedDict, TypeVar, cast, get_type_hints

from attrs import fields

from infobip_voice._arguments import refuse_names
from infobip_voice._models import models
from infobip_voice._shapes import check
from infobip_voice._window import Window, delivery_time_window
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrDestination, IvrLaunchRequest
from infobip_voice_client.types import UNSET, Unset
from infobip_voice_wire.telephone import normalise, normalise_sender
from infobip_voice_wire.timestamps import format_send_at

__all__ = ["ClickToCallOptions", "IvrOptions", "Redial", "changed", "click_to_call_request", "ivr_request"]

M = TypeVar("M")  # a generated model


class Redial(NamedTuple):
    """When the *platform* dials again after a failed attempt: the API's `retry`.

    (Not the repeating of a lost request.)

    Attributes:
        min_period: the shortest wait, as a timedelta or in minutes; the platform's default is 1.
        max_period: the longest wait, as a timedelta or in minutes; the platform's default is 1440.
        max_count: the most redials; more than 4 counts as 4.
    """

    min_period: timedelta | int | None = None
    max_period: timedelta | int | None = None
    max_count: int | None = None


class _Options(TypedDict, total=False):
    bulk_id: str | None
    record: bool | None
    notify_url: str | None
    notify_content_type: Literal["application/json", "application/xml"] | None
    redial: Redial | None


class IvrOptions(_Options, total=False):
    """The arguments of `ivr.launch` and `ivr.prepare`.

    What is left out, or None, is not sent: the platform's default holds.

    Attributes:
        scenario_id: the key of the scenario to play.
        to: the telephones, as people write them (`+385 98 111-222`), or `IvrDestination`s with a
            message id of yours.
        from_: the number that is shown, at most 14 digits.
        parameters: values for the scenario.
        callback_data: at most 200 characters, echoed in the report.
        validity_period: how long calls may still be started, as a timedelta or in minutes.
        send_at: when to start, with an offset; a time that has passed means now.
        sending_speed: a pace, such as `SendingSpeed(10, "hour")`.
        record: record the call.
        notify_url: where to push the reports, which then cannot be fetched.
        notify_content_type: the form of the pushed report.
        redial: when the platform dials again.
        bulk_id: the name of the request; made if left out.
        ring_timeout: how long it rings before an attempt counts as not answered, as a timedelta or
            in seconds.
        call_timeout: the longest a call may last, as a timedelta or in seconds.
        pause: how long to wait between the answer and the first sound, as a timedelta or in
            seconds, at most 10.
        window: the hours of the week in which calls may ring, in UTC.
        notify_content_version: the form of the pushed report, 2 for nested or 1 for flat;
            `parse_push` reads both.
    """

    scenario_id: Required[str]
    to: Required[str | Sequence[str | IvrDestination]]
    from_: str | None
    parameters: Mapping[str, str] | None
    callback_data: str | None
    validity_period: timedelta | int | None
    send_at: datetime | None
    sending_speed: models.SendingSpeed | None
    ring_timeout: timedelta | int | None
    call_timeout: timedelta | int | None
    pause: timedelta | int | None
    window: Window | None
    notify_content_version: Literal[1, 2] | None


class ClickToCallOptions(_Options, total=False):
    """The arguments of `click_to_call.launch` and `.prepare`.

    What is left out, or None, is not sent: the platform's default holds.

    Attributes:
        destination_a: the telephone that is called first, as people write it.
        destination_b: the telephone that A is connected with.
        from_: the number that A sees.
        from_b: the number that B sees.
        message_id: the name of the call; made if left out.
        text: a text spoken to A before the transfer.
        language: its language.
        audio_file_url: an audio file played to A before the transfer.
        anonymization: show `from_` to B too, instead of A's number.
        max_duration: the longest the transferred call may last, as a timedelta or in seconds.
        warning_time: how long before that a beep is played, as a timedelta or in seconds.
        voice: who speaks the text, such as `Voice(name="Joanna")` or `Voice("female")`.
        machine_detection: `hangup` to hang up on a machine that answers A, before B is dialled.
        record, notify_url, notify_content_type, redial, bulk_id, window, notify_content_version: as
            in `IvrOptions`.
    """

    destination_a: Required[str]
    destination_b: Required[str]
    from_: Required[str]
    message_id: str | None
    from_b: str | None
    text: str | None
    language: str | None
    audio_file_url: str | None
    anonymization: bool | None
    max_duration: timedelta | int | None
    warning_time: timedelta | int | None
    voice: models.Voice | None
    machine_detection: Literal["hangup"] | None
    window: Window | None
    notify_content_version: Literal[1, 2] | None


def _named(name: str, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _destination(to: str | IvrDestination) -> IvrDestination:
    return IvrDestination(normalise(to)) if isinstance(to, str) else changed(to, to=normalise(to.to))


def changed(model: M, **members: Any) -> M:
    """Return a copy of a generated model with some members changed.

    It has the members that the contract does not know too, and shares nothing with the original
    that can change.
    """
    given: Any = model
    for name in _members_of(given.__class__):
        if name not in members:
            value: object = getattr(given, name)
            members[name] = value if isinstance(value, (str, int, Unset)) else deepcopy(value)
    copy = given.__class__(**members)
    if given.additional_properties:
        copy.additional_properties = deepcopy(given.additional_properties)
    return cast(M, copy)


@cache
def _members_of(model: type[Any]) -> tuple[str, ...]:
    return tuple(member.name for member in fields(model) if member.init)


def _destinations(to: str | Sequence[str | IvrDestination]) -> list[IvrDestination]:
    if isinstance(to, str):
        return [_named("to", _destination, to)]
    return [_named(f"to[{index}]", _destination, each) for index, each in enumerate(to)]


def _whole(unit: str, period: timedelta | int) -> int:
    if isinstance(period, int):
        return period
    count, rest = divmod(period, timedelta(**{unit: 1}))
    if rest:
        raise ValueError(f"{period} is not a whole number of {unit}")
    return count


_minutes, _seconds = partial(_whole, "minutes"), partial(_whole, "seconds")


def _retry(redial: Redial) -> models.CallRetry:
    low, high, count = redial
    return models.CallRetry(
        UNSET if low is None else _minutes(low),
        UNSET if high is None else _minutes(high),
        UNSET if count is None else count,
    )


_NAMES: Final = {"to": "destinations", "redial": "retry", "window": "delivery_time_window"}
_OTHER_NAMES: Final = {**{member: option for option, member in _NAMES.items()}, "from": "from_"}
_hints: Final = cache(get_type_hints)
_Readers = Mapping[str, Callable[[Any], Any]]
_READERS: Final[_Readers] = {
    "destination_a": normalise,
    "destination_b": normalise,
    "from_b": partial(normalise_sender, maximum=15),
    "parameters": models.ScenarioParameters.from_dict,
    "validity_period": _minutes,
    "max_duration": _seconds,
    "warning_time": _seconds,
    "ring_timeout": _seconds,
    "call_timeout": _seconds,
    "pause": _seconds,
    "send_at": format_send_at,
    "sending_speed": deepcopy,  # these are the caller's, who may change them
    "voice": deepcopy,
    "redial": _retry,
    "window": delivery_time_window,
}
_IVR_READERS: Final[_Readers] = {**_READERS, "from_": partial(normalise_sender, maximum=14)}
_CLICK_TO_CALL_READERS: Final[_Readers] = {**_READERS, "from_": partial(normalise_sender, maximum=15)}


def ivr_request(options: Mapping[str, Any]) -> IvrLaunchRequest:
    """Return a request of one message. What was not given is absent.

    Raises:
        TypeError: an argument that does not exist, or too few.
        ValueError: one that is of a wrong type or cannot be sent; it names the argument.
    """
    members = _members(options, IvrOptions, _IVR_READERS)
    bulk_id = members.pop("bulk_id", UNSET)
    return IvrLaunchRequest([models.IvrMessage(**members)], bulk_id)


def click_to_call_request(options: Mapping[str, Any]) -> ClickToCallLaunchRequest:
    """Return a request of one message, as `ivr_request` does."""
    members = _members(options, ClickToCallOptions, _CLICK_TO_CALL_READERS)
    bulk_id = members.pop("bulk_id", UNSET)
    return ClickToCallLaunchRequest([models.ClickToCallMessage(**members)], bulk_id)


def _members(options: Mapping[str, Any], known: Any, readers: _Readers) -> dict[str, Any]:
    refuse_names(options, known, _OTHER_NAMES)
    if missing := sorted(known.__required_keys__ - options.keys()):
        raise TypeError(f"missing {' and '.join(missing)}; or give a whole request")
    hints = _hints(known)
    members: dict[str, Any] = {}
    for name, value in options.items():
        check(value, hints[name], name)
        if value is None:
            continue
        if name == "to":
            value = _destinations(value)
        elif name in readers:
            value = _named(name, readers[name], value)
        members[_NAMES.get(name, name)] = value
    return members
