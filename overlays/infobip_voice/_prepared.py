"""The prepared launch: every call has its id before anything is sent."""

import copyreg
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Generic, Literal, TypeVar, cast

from attrs import frozen

from infobip_voice._exchange import Setup
from infobip_voice._models import models
from infobip_voice._options import changed, click_to_call_request, ivr_request
from infobip_voice._shapes import check, check_document, listing, plain, refuse_formless
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest
from infobip_voice_client.types import UNSET, Unset
from infobip_voice_wire.telephone import mask, normalise

__all__ = ["JSON", "Duplicates", "Prepared", "message_ids", "prepare_click_to_call", "prepare_ivr"]

_MAX_DESTINATIONS: Final = 20_000  # of one message (contract, `destinations`)
_MAX_PLACES: Final = 20  # of one number, in a text
JSON: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

# The generated models compare with `UNSET` by identity: without this, one that was pickled or
# copied writes its absent members.
copyreg.pickle(Unset, lambda _: "UNSET")

R = TypeVar("R", IvrLaunchRequest, ClickToCallLaunchRequest)
Duplicates = Literal["refuse", "call"]


@frozen(repr=False)
class Prepared(Generic[R]):
    """A launch with its bulk id and every message id filled in, before anything is sent.

    Store it (`dumps`) before sending it, and a crash can neither lose the ids nor dial twice
    unnoticed.

    Attributes:
        requests: the generated request models; several if one would be too large.

    Raises:
        ValueError: a request has a member of a wrong type, a call has no id or the id of another,
            or the requests are not of one kind and one bulk id.
    """

    requests: tuple[R, ...]

    def __attrs_post_init__(self) -> None:
        check(self.requests, list[IvrLaunchRequest | ClickToCallLaunchRequest], "requests")
        _check_names(self)

    @property
    def bulk_id(self) -> str:
        """Return the bulk id that all the requests share."""
        return cast(str, self.requests[0].bulk_id)

    @property
    def message_ids(self) -> tuple[str, ...]:
        """Return the message id of every call, in order."""
        return tuple(name for request in self.requests for name in message_ids(request))

    def dumps(self) -> str:
        """Return this as JSON text. It holds telephone numbers. Raises nothing."""
        return JSON.encode([request.to_dict() for request in self.requests])

    @staticmethod
    def loads(text: str | bytes) -> "Prepared[Any]":
        """Return what `dumps` was called on.

        Raises:
            ValueError: the text is something else; it names the place.
        """
        try:
            documents = json.loads(text, object_pairs_hook=_members)
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"text: this is not what `dumps` returned ({type(error).__name__}: {error})") from None
        check(documents, list[Any], "text")
        try:
            is_ivr = not {"scenarioId", "destinations"}.isdisjoint(documents[0]["messages"][0])
        except (LookupError, TypeError):
            is_ivr = True  # of neither kind, which is said below
        kind: Any = IvrLaunchRequest if is_ivr else ClickToCallLaunchRequest
        return Prepared(tuple(_model(document, kind, f"text[{at}]") for at, document in enumerate(documents)))

    def __repr__(self) -> str:
        return f"Prepared(bulk_id={self.bulk_id!r}, requests={len(self.requests)}, calls={len(self.message_ids)})"


def _check_names(prepared: Prepared[R]) -> None:
    if len({(type(request), request.bulk_id) for request in prepared.requests}) > 1:
        raise ValueError("requests: expected one kind and one bulk id, found several")
    names: tuple[Any, ...] = prepared.message_ids
    if UNSET in (prepared.bulk_id, *names):
        raise ValueError("requests: an id is missing; `prepare` fills them in")
    if len(set(names)) < len(names):
        # The platform would reject the later one, and a repeated launch could no longer be told
        # from the first.
        raise ValueError(f"the message id {Counter(names).most_common(1)[0][0]!r} comes twice")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member comes twice in one object")
    return members


def prepare_ivr(
    request: object, options: Mapping[str, Any], duplicates: Duplicates, setup: Setup
) -> Prepared[IvrLaunchRequest]:
    """Return a launch of `request`, or of one message made of `options`, with all ids.

    It is split where it is too large for one request.

    Raises:
        TypeError: an argument that does not exist, too few of them, or both a request and arguments
            of one message.
        ValueError: a value of a wrong type or that cannot be sent, a number or an id that comes
            twice, or a paced message of more than 20,000 destinations: two requests would run at
            twice the pace.
    """
    check(duplicates, Duplicates, "duplicates")
    whole = ivr_request(options) if request is None else _whole(request, IvrLaunchRequest, options)
    if duplicates == "refuse":
        faults: list[str] = []
        for at, message in enumerate(whole.messages):
            place = "to[{}]" if request is None else f"messages[{at}].destinations[{{}}].to"
            faults += _duplicates([(each.to,) for each in message.destinations], place)
        _refuse(faults)
    own = not isinstance(request, IvrLaunchRequest)
    parts: list[list[models.IvrMessage]] = []
    room = 0
    for message in whole.messages:
        calls = [_named(each, own, setup.new_id) for each in message.destinations]
        if len(calls) > _MAX_DESTINATIONS and message.sending_speed is not UNSET:
            raise ValueError(f"more than {_MAX_DESTINATIONS} destinations with a sending_speed: launch them in batches")
        for start in range(0, len(calls), _MAX_DESTINATIONS):
            part = calls[start : start + _MAX_DESTINATIONS] if len(calls) > _MAX_DESTINATIONS else calls
            if len(part) > room:
                parts.append([])
                room = _MAX_DESTINATIONS
            parts[-1].append(_with(message, own and part is calls, destinations=part))
            room -= len(part)
    bulk_id = setup.new_id() if whole.bulk_id is UNSET else whole.bulk_id
    own = own and len(parts) == 1
    return _sendable(tuple(_with(whole, own, messages=messages, bulk_id=bulk_id) for messages in parts), setup)


def prepare_click_to_call(
    request: object, options: Mapping[str, Any], duplicates: Duplicates, setup: Setup
) -> Prepared[ClickToCallLaunchRequest]:
    """Return a launch of `request`, or of one message made of `options`, with all ids.

    Raises:
        TypeError: an argument that does not exist, too few of them, or both a request and arguments
            of one message.
        ValueError: a value of a wrong type or that cannot be sent, or a pair of numbers or an id
            that comes twice.
    """
    check(duplicates, Duplicates, "duplicates")
    whole = click_to_call_request(options) if request is None else _whole(request, ClickToCallLaunchRequest, options)
    if duplicates == "refuse":
        _refuse(_duplicates([(each.destination_a, each.destination_b) for each in whole.messages], "messages[{}]"))
    own = not isinstance(request, ClickToCallLaunchRequest)
    messages = [_named(message, own, setup.new_id) for message in whole.messages]
    bulk_id = setup.new_id() if whole.bulk_id is UNSET else whole.bulk_id
    return _sendable((_with(whole, own, messages=messages, bulk_id=bulk_id),), setup)


def _sendable(requests: tuple[R, ...], setup: Setup) -> Prepared[R]:
    """Return a launch, unless the client's format cannot carry all of it."""
    # Without `__init__`, which would check members that are checked already: a fifteenth of a call.
    prepared = cast(Prepared[R], object.__new__(Prepared))
    object.__setattr__(prepared, "requests", requests)
    _check_names(prepared)
    if setup.wire_format == "xml":
        for request in prepared.requests:
            refuse_formless(request.to_dict(), type(request).__name__)
    return prepared


def _whole(request: object, kind: type[R], options: Mapping[str, Any]) -> R:
    """Return a whole request as its model.

    Raises:
        TypeError: there are arguments of one message beside it.
        ValueError: it is not what the contract says.
    """
    if options:
        raise TypeError(f"give either a whole request or the arguments of one message ({', '.join(options)})")
    if isinstance(request, Mapping):
        return _model(request, kind)
    if not isinstance(request, kind):
        raise ValueError(f"request: expected {kind.__name__} or a mapping, found {type(request).__name__}")
    check(request, kind, "")
    return request


def _model(document: Any, kind: type[R], name: str = "") -> R:
    try:
        given = plain(document)
    except RecursionError:
        raise ValueError(f"{name or 'request'}: it nests too deeply") from None
    check_document(given, kind, name)
    model = kind.from_dict(given)
    if model.to_dict() != given:
        raise ValueError(f"{name or 'request'}: it would not be sent as it was given")
    return model


M = TypeVar("M")  # a generated model
Call = TypeVar("Call", "models.IvrDestination", "models.ClickToCallMessage")


def _named(call: Call, own: bool, new_id: Callable[[], str]) -> Call:
    return _with(call, own, message_id=new_id() if call.message_id is UNSET else call.message_id)


def _with(model: M, own: bool, **members: Any) -> M:
    """Return a model with other members: itself if it is our own, which nobody else has, for a copy
    would double the time of a launch; else a copy, since what the caller does with the original
    afterwards must change nothing here.
    """
    if not own:
        return changed(model, **members)
    for name, value in members.items():
        setattr(model, name, value)
    return model


def _duplicates(calls: Iterable[tuple[str, ...]], place: str) -> list[str]:
    """Return a text for each number, or pair, that is called more than once, with its places."""
    every = [tuple(map(_digits, numbers)) for numbers in calls]
    places: dict[tuple[str, ...], list[int]] = {}
    for at, numbers in enumerate(every if len(set(every)) < len(every) else ()):
        places.setdefault(numbers, []).append(at)
    return [
        f"{' and '.join(map(place.format, found[:_MAX_PLACES]))}"
        f"{f' and {len(found) - _MAX_PLACES} more' if len(found) > _MAX_PLACES else ''}"
        f" are {' to '.join(map(mask, numbers))}"
        for numbers, found in places.items()
        if len(found) > 1
    ]


def _digits(number: str) -> str:
    if number.isascii() and number.isdigit() and not number.startswith("0"):
        return number
    try:
        return normalise(number)
    except ValueError:  # in a whole request, which is sent as it is
        return number


def _refuse(duplicates: list[str]) -> None:
    if duplicates:
        raise ValueError(f"the same call twice, which only duplicates='call' allows: {listing(duplicates)}")


def message_ids(request: IvrLaunchRequest | ClickToCallLaunchRequest) -> Iterator[str]:
    """Yield the message id of every call of a prepared request, in order."""
    for message in request.messages:
        for call in message.destinations if isinstance(message, models.IvrMessage) else (message,):
            yield cast(str, call.message_id)
