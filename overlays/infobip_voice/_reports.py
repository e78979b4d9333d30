"""Delivery reports: what one says, what is left of one that cannot be understood, and what is known
to be lost.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, cast, final

from attrs import field, frozen

from infobip_voice_client.models import VoiceReport
from infobip_voice_wire import codes
from infobip_voice_wire.telephone import mask_numbers
from infobip_voice_wire.timestamps import parse as parse_time

__all__ = ["Filter", "Found", "Gap", "Place", "Pushed", "Report", "Status", "Unreadable"]
_ANSWERED_BY: Final[dict[str, Literal["human", "machine"]]] = {"HUMAN": "human", "MACHINE": "machine"}  # `answeredBy`


def _masked(value: object) -> str:
    return mask_numbers(repr(value)) if isinstance(value, str) else repr(value)


class Status(NamedTuple):
    """A code of the platform: how a message ended (`Report.status`), or what happened to its call
    (`Report.error`).

    Codes are open sets: compare `name` or `id` with those that you know, and expect others. A
    member that the report lacks is None.

    Attributes:
        group_id: 3 for DELIVERED, 5 for REJECTED …
        group_name: the same as a word.
        id: the number of the code.
        name: its name, such as `DELIVERED_TO_HANDSET`.
        description: a sentence.
        permanent: of an error, whether a repetition would fail alike; true beside group OK in every
            documented sample.
    """

    group_id: int | None
    group_name: str | None
    id: int | None
    name: str | None
    description: str | None
    permanent: bool | None

    def __repr__(self) -> str:
        members = (f"{name}={_masked(value)}" for name, value in zip(self._fields, self, strict=True))
        return f"Status({', '.join(members)})"


class Place(NamedTuple):
    """Where a report lies in a spool.

    Attributes:
        spool: the identity of the spool, made with it.
        page: the number of the answer.
        position: the position of the report among those of the answer.
    """

    spool: str
    page: int
    position: int


@final
class Report:
    """How one message ended. Every attribute is None where the report lacks the member or has
    something odd there.

    Read are the flat form of this API and the nested `voiceCall` form of 2026 (ruling R17). Two
    reports are equal if their documents are. The hash is that of `message_id`.

    Attributes:
        raw: the report as it was sent, decoded, unknown members included; fractions are exact
            `Decimal`s.
        place: where it lies in the spool of a drain; None for one that was fetched or pushed.
    """

    __slots__ = ("_data", "place", "raw")

    def __init__(self, raw: Mapping[str, Any], place: Place | None = None) -> None:
        self.raw = raw
        self.place = place
        self._data: VoiceReport | None = None

    @property
    def message_id(self) -> str | None:
        """Return the name of the call; with `done_at` it tells a report that is delivered twice."""
        return _text(self.raw.get("messageId"))

    @property
    def bulk_id(self) -> str | None:
        """Return the name of the request that launched the call."""
        return _text(self.raw.get("bulkId"))

    @property
    def to(self) -> str | None:
        """Return the telephone that was called; for a click to call that of A."""
        return _text(self.raw.get("to"))

    @property
    def from_(self) -> str | None:
        """Return the number that was shown; only the nested form has it."""
        return _text(self.raw.get("from"))

    @property
    def sent_at(self) -> datetime | None:
        """Return when the call was started, with the report's offset (`raw["sentAt"]` has the
        text).
        """
        return _moment(self.raw.get("sentAt"))

    @property
    def answered_at(self) -> datetime | None:
        """Return when the call was answered, where the platform says so (`answerTime`)."""
        return _moment(self._member("answerTime", "answerTime"))

    @property
    def done_at(self) -> datetime | None:
        """Return when the platform was done; in the nested form, when the call ended."""
        return _moment(self._member("doneAt", "endTime"))

    @property
    def duration(self) -> int | None:
        """Return how long the call lasted, in seconds."""
        return _integer(self._member("duration", "duration"))

    @property
    def charged_duration(self) -> int | None:
        """Return how many seconds are charged, where the platform says so (`chargedDuration`)."""
        return _integer(self._member("chargedDuration", "chargedDuration"))

    @property
    def mcc_mnc(self) -> str | None:
        """Return the country and network codes of the called telephone; `0` has been seen for
        unknown ones.
        """
        return _text(self.raw.get("mccMnc"))

    @property
    def dtmf_codes(self) -> str | None:
        """Return the keys that the called person pressed."""
        return _text(self._member("dtmfCodes", "dtmfCodes"))

    @property
    def collected_dtmfs(self) -> dict[str, str]:
        """Return the keys that were pressed, by variable of the scenario; empty where the platform
        does not say.
        """
        ivr = self._member("ivr", "ivr")
        text = self.raw.get("dtmfCodesAsJson")
        if isinstance(ivr, dict):
            text = cast(dict[str, Any], ivr).get("collectedDtmfs") or text
        try:
            keys: Any = json.loads(text) if isinstance(text, str) else text
        except (ValueError, RecursionError):
            return {}
        if not isinstance(keys, dict):
            return {}
        return {str(name): str(pressed) for name, pressed in cast(dict[str, Any], keys).items() if pressed is not None}

    @property
    def recorded_audio_file_url(self) -> str | None:
        """Return where the recording is to be had; relative on some servers.

        It contains the called number.
        """
        return _text(self._member("recordedAudioFileUrl", "recordedAudioFileUrl"))

    @property
    def price(self) -> Decimal | None:
        """Return the price of one second, exactly as sent, also if it was sent as text."""
        price = _object(self.raw.get("price"))
        value = price.get("pricePerSecond", price.get("pricePerMessage"))
        if isinstance(value, str):
            try:
                value = Decimal(value)
            except ArithmeticError:
                return None
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        return value if isinstance(value, Decimal) and value.is_finite() else None

    @property
    def currency(self) -> str | None:
        """Return the currency; `UNKNOWN` has been seen."""
        return _text(_object(self.raw.get("price")).get("currency"))

    @property
    def status(self) -> Status | None:
        """Return how the message ended."""
        return _status(self.raw.get("status"))

    @property
    def error(self) -> Status | None:
        """Return what happened to the call. An answered call has one too, in group 0."""
        return _status(self.raw.get("error"))

    @property
    def callback_data(self) -> str | None:
        """Return the `callback_data` of the launch."""
        return _text(self.raw.get("callbackData"))

    @property
    def delivered(self) -> bool:
        """Return whether the call was made and answered: status group 3, DELIVERED."""
        status = self.status
        return status is not None and (status.group_id == 3 or status.group_name == "DELIVERED")

    @property
    def answered_by(self) -> Literal["human", "machine"] | None:
        """Return who answered, as far as the error code or the platform's `answeredBy` says so."""
        error = _object(self.raw.get("error"))
        told = self._member("answeredBy", "answeredBy")
        # As text: an odd server's name or id might be anything, even what cannot be looked up.
        return codes.answered_by(str(error.get("name")), str(error.get("id"))) or _ANSWERED_BY.get(str(told))

    @property
    def data(self) -> VoiceReport:
        """Return the generated model, made when it is first asked for; fractions in it are floats,
        as its types say.

        Of a nested report it has the members that a flat one has.
        """
        if self._data is None:
            flat = {
                "doneAt": self._member("doneAt", "endTime"),
                "duration": self.duration,
                "dtmfCodes": self._member("dtmfCodes", "dtmfCodes"),
                "recordedAudioFileUrl": self._member("recordedAudioFileUrl", "recordedAudioFileUrl"),
            }
            lifted = {name: value for name, value in flat.items() if value is not None}
            self._data = VoiceReport.from_dict(_plain({**self.raw, **lifted}, float))
        return self._data

    def to_dict(self) -> dict[str, Any]:
        """Return the report as it was sent, as JSON values; fractions are text, so that they stay
        exact. Raises nothing.
        """
        return cast(dict[str, Any], _plain(self.raw, str))

    def _member(self, flat: str, nested: str) -> Any:
        value = self.raw.get(flat)
        return _object(self.raw.get("voiceCall")).get(nested) if value is None else value

    def __eq__(self, other: object) -> bool:
        return self.raw == other.raw if isinstance(other, Report) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.message_id)

    def __repr__(self) -> str:
        status = self.status
        return f"Report(message_id={self.message_id!r}, status={_masked(status.name if status else None)})"


@frozen(repr=False)
class Unreadable:
    """A report, or the rest of an answer, that cannot be understood. The server will not send it
    again: keep the bytes.

    Attributes:
        body: its bytes.
        reason: why it cannot be understood, in words that do not quote it.
        content_type: the `Content-Type` of the answer that it came in.
        content_encoding: the `Content-Encoding` of `body`, where that could not be undone.
        count: how many times these same bytes came.
        first, last: when they came first and last; None outside a spool.
    """

    body: bytes
    reason: str
    content_type: str | None = None
    content_encoding: str | None = None
    count: int = 1
    first: datetime | None = None
    last: datetime | None = None

    def __repr__(self) -> str:
        return f"Unreadable({len(self.body)} byte(s), reason={self.reason!r}, count={self.count})"


@frozen
class Gap:
    """Report requests without a verdict, one after the other, that ended alike: what they would
    have returned may be lost.

    Each may have cost up to `limit` reports.

    Attributes:
        reason: what happened.
        status: the HTTP status, if there was one.
        count: how many requests ended so.
        first, last: when the first and the last of them ended; None outside a spool.
    """

    reason: str
    status: int | None
    count: int = 1
    first: datetime | None = None
    last: datetime | None = None
    _bodies: tuple[bytes, ...] | Callable[[], tuple[bytes, ...]] = field(default=(), repr=False, eq=False)

    @property
    def bodies(self) -> tuple[bytes, ...]:
        """Return the different bodies of answers that are no page of reports, such as that of a
        503.

        Raises:
            SpoolError: they are in a spool that is closed by now.
        """
        return self._bodies() if callable(self._bodies) else self._bodies

    def __reduce__(self) -> tuple[Any, ...]:
        return Gap, (self.reason, self.status, self.count, self.first, self.last, self.bodies)


class Filter(NamedTuple):
    """Which reports a request asks for; None for no restriction. With both, both must match."""

    bulk_id: str | None = None
    message_id: str | None = None

    def matches(self, report: Report) -> bool:
        """Return whether the report may be one that was asked for: a stranger has an id that is
        there and differs.
        """
        given = report.bulk_id, report.message_id
        return all(asked is None or named in (None, asked) for asked, named in zip(self, given, strict=True))


class Found(dict[str, Report]):
    """The reports that `wait_for` was asked for, by message id.

    Attributes:
        others: reports of the same bulk that came with them. The server will not return them again.
        gaps: answers that were lost meanwhile; others' reports may have been in them.
    """

    others: tuple[Report, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Pushed(list[Report]):
    """The reports of one push.

    Attributes:
        unreadable: what cannot be understood of it.
    """

    unreadable: tuple[Unreadable, ...] = ()


def _text(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value or None if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _object(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, dict) else {}


def _status(value: Any) -> Status | None:
    if not isinstance(value, dict):
        return None
    code = cast(dict[str, Any], value)
    permanent = code.get("permanent")
    return Status(
        _integer(code.get("groupId")), _text(code.get("groupName")), _integer(code.get("id")), _text(code.get("name")),
        _text(code.get("description")), permanent if isinstance(permanent, bool) else None,
    )  # fmt: skip


def _plain(value: Any, fraction: Callable[[Decimal], Any]) -> Any:
    """Return a document with its `Decimal`s as something else."""
    if isinstance(value, Decimal):
        return fraction(value)
    if isinstance(value, dict):
        return {name: _plain(each, fraction) for name, each in cast(dict[str, Any], value).items()}
    return [_plain(each, fraction) for each in cast(list[object], value)] if isinstance(value, list) else value


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:32])  # epoch milliseconds in XML
    try:
        return parse_time(value)
    except ValueError:
        return None
