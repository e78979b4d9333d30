"""A delivery report: what it says, in typed attributes."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast, final

from infobip_voice._members import decimal, integer, last, moment, object_of, once, text, texts, with_fractions
from infobip_voice_wire import codes
from infobip_voice_wire.telephone import mask_numbers

if TYPE_CHECKING:
    from infobip_voice_client.models import NestedReport, VoiceReport

__all__ = ["Place", "Report", "Status"]
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
    """How one message ended. Where the report lacks a member, or has something odd there, the
    attribute is None, or an empty dictionary if it has texts by variable.

    Read are the flat form of this API and the nested form of 2026, which has the call in
    `voiceCall` (ruling R17): an attribute means the same in both. A member that comes twice counts
    by its last value. Two reports are equal if their documents are. The hash is that of
    `message_id`.

    Attributes:
        raw: the report as it was sent, decoded, unknown members included; fractions are exact
            `Decimal`s.
        place: where it lies in the spool of a drain; None for one that was fetched or pushed.
    """

    __slots__ = ("__dict__", "place", "raw")  # `__dict__` is made with `data`

    def __init__(self, raw: Mapping[str, Any], place: Place | None = None) -> None:
        self.raw = raw
        self.place = place

    # --- the message

    @property
    def message_id(self) -> str | None:
        """Return the name of the call; with `done_at` it tells a report that is delivered twice."""
        return text(self._member("messageId"))

    @property
    def bulk_id(self) -> str | None:
        """Return the name of the request that launched the call."""
        return text(self._member("bulkId"))

    @property
    def to(self) -> str | None:
        """Return the telephone that was called; for a click to call that of A."""
        return text(self._member("to"))

    @property
    def from_(self) -> str | None:
        """Return the number that was shown; only the nested form has it."""
        return text(self._member("from"))

    @property
    def mcc_mnc(self) -> str | None:
        """Return the country and network codes of the called telephone; `0` has been seen for
        unknown ones.
        """
        return text(self._member("mccMnc"))

    @property
    def callback_data(self) -> str | None:
        """Return the `callback_data` of the launch."""
        return text(self._member("callbackData"))

    # --- how it ended

    @property
    def status(self) -> Status | None:
        """Return how the message ended."""
        return _status(self._member("status"))

    @property
    def error(self) -> Status | None:
        """Return what happened to the call. An answered call has one too, in group 0."""
        return _status(self._member("error"))

    @property
    def delivered(self) -> bool:
        """Return whether the call was made and answered: status group 3, DELIVERED; in a report
        without a status, an error code of an answered call, such as 5000 or 10000.
        """
        status, error = self.status, self.error
        if status is None:
            return error is not None and codes.is_answered(error.name, error.id)
        return status.group_id == 3 or status.group_name == "DELIVERED"

    @property
    def answered_by(self) -> Literal["human", "machine"] | None:
        """Return who answered, as far as the platform's `answeredBy` or the error code says so.

        10000, `NORMAL_HANGUP`, does not.
        """
        error = object_of(self._member("error"))
        told = _ANSWERED_BY.get(str(self._member("answeredBy")))
        # As text: an odd server's name or id might be anything, even what cannot be looked up.
        return told or codes.answered_by(str(error.get("name")), str(error.get("id")))

    @property
    def price(self) -> Decimal | None:
        """Return the price of one second, exactly as sent, also if it was sent as text."""
        price = object_of(self._member("price"))
        return decimal(last(price.get("pricePerSecond", price.get("pricePerMessage"))))

    @property
    def currency(self) -> str | None:
        """Return the currency; `UNKNOWN` has been seen."""
        return text(last(object_of(self._member("price")).get("currency")))

    # --- when

    @property
    def sent_at(self) -> datetime | None:
        """Return when the call was started, with the report's offset (`raw["sentAt"]` has the
        text).
        """
        return moment(self._member("sentAt"))

    @property
    def start_time(self) -> datetime | None:
        """Return when the telephone began to ring, where the platform says so."""
        return moment(self._member("startTime"))

    @property
    def answer_time(self) -> datetime | None:
        """Return when the call was answered, where the platform says so."""
        return moment(self._member("answerTime"))

    @property
    def end_time(self) -> datetime | None:
        """Return when the call ended, where the platform says so."""
        return moment(self._member("endTime"))

    @property
    def done_at(self) -> datetime | None:
        """Return when the platform was done; in the nested form, when the call ended."""
        done = self._member("doneAt")
        return self.end_time if done is None else moment(done)

    @property
    def duration(self) -> int | None:
        """Return how long the call lasted, in seconds."""
        return integer(self._member("duration"))

    @property
    def charged_duration(self) -> int | None:
        """Return how many seconds are charged; only the nested form has it."""
        return integer(self._member("chargedDuration"))

    @property
    def file_duration(self) -> Decimal | None:
        """Return how long the audio file of the message is, in seconds, exactly as sent."""
        return decimal(self._member("fileDuration"))

    # --- the call

    @property
    def feature(self) -> str | None:
        """Return which of the vendor's voice products made the call; only the nested form has
        it.
        """
        return text(self._member("feature"))

    @property
    def direction(self) -> str | None:
        """Return `OUTBOUND` or `INBOUND`; only the nested form has it."""
        return text(self._member("direction"))

    @property
    def recorded_audio_file_url(self) -> str | None:
        """Return where the recording is to be had; relative on some servers.

        It contains the called number. The nested form has `call_recording_file_id` instead.
        """
        return text(self._member("recordedAudioFileUrl"))

    @property
    def call_recording_file_id(self) -> str | None:
        """Return the platform's name of the recording; only the nested form has it."""
        return text(self._member("callRecordingFileId"))

    @property
    def transcribed_audio_file_url(self) -> str | None:
        """Return where the transcription is to be had; relative on some servers.

        It contains the called number. The nested form does not have it.
        """
        return text(self._member("transcribedAudioFileUrl"))

    # --- the scenario of an outbound IVR

    @property
    def scenario_id(self) -> str | None:
        """Return the key of the scenario that was played, where the platform says so."""
        return text(self._member("scenarioId"))

    @property
    def scenario_name(self) -> str | None:
        """Return the name of that scenario, where the platform says so."""
        return text(self._member("scenarioName"))

    @property
    def dtmf_codes(self) -> str | None:
        """Return the keys that the called person pressed."""
        return text(self._member("dtmfCodes"))

    @property
    def dtmf_codes_as_json(self) -> str | None:
        """Return the keys that were pressed as the platform sends them: the text of a JSON object.

        `collected_dtmfs` is that object.
        """
        return text(self._collected())

    @property
    def collected_dtmfs(self) -> dict[str, str]:
        """Return the keys that were pressed, by variable of the scenario; empty where the platform
        does not say.
        """
        return texts(self._collected())

    @property
    def collected_mapped_dtmfs(self) -> dict[str, str]:
        """Return the keys that were pressed in the words that the scenario maps them to, by
        variable; only the nested form has it.
        """
        return texts(self._member("collectedMappedDtmfs"))

    @property
    def spoken_input(self) -> dict[str, str]:
        """Return what was said, by variable of the scenario; only the nested form has it."""
        return texts(self._member("spokenInput"))

    @property
    def matched_spoken_input(self) -> dict[str, str]:
        """Return which of the expected phrases were said, by variable of the scenario; only the
        nested form has it.
        """
        return texts(self._member("matchedSpokenInput"))

    # --- the whole of it

    @property
    def data(self) -> "VoiceReport | NestedReport":
        """Return the generated model of the report's form, made when it is first asked for;
        fractions in it are floats, as its types say.

        A report with the member `voiceCall` is a `NestedReport`. Raises nothing.
        """
        if "data" not in self.__dict__:
            from infobip_voice._models import models  # most readers never look at one

            model = models.NestedReport if self._is_nested else models.VoiceReport
            made = model.from_dict(with_fractions(once(dict(self.raw), ("ref", model.__name__)), float))
            self.__dict__.setdefault("data", made)  # threads that make it at once get the same one
        return cast("VoiceReport | NestedReport", self.__dict__["data"])

    def to_dict(self) -> dict[str, Any]:
        """Return the report as it was sent, as JSON values; fractions are text, so that they stay
        exact. Raises nothing.
        """
        return cast(dict[str, Any], with_fractions(self.raw, str))

    @property
    def _is_nested(self) -> bool:
        return "voiceCall" in self.raw

    def _member(self, name: str) -> Any:
        """Return a member of the report, wherever its form has it."""
        call = object_of(last(self.raw.get("voiceCall")))
        for place in (self.raw, call, object_of(last(call.get("ivr")))):
            value = last(place.get(name))
            if value is not None:
                return value
        return None

    def _collected(self) -> Any:
        return self._member("collectedDtmfs") or self._member("dtmfCodesAsJson")

    def __eq__(self, other: object) -> bool:
        return self.raw == other.raw if isinstance(other, Report) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.message_id)

    def __repr__(self) -> str:
        status = self.status
        return f"Report(message_id={self.message_id!r}, status={_masked(status.name if status else None)})"


def _status(value: Any) -> Status | None:
    if not isinstance(value, dict) or not value:
        return None
    code = {name: last(item) for name, item in cast(dict[str, Any], value).items()}
    permanent = code.get("permanent")
    return Status(
        integer(code.get("groupId")), text(code.get("groupName")), integer(code.get("id")), text(code.get("name")),
        text(code.get("description")), permanent if isinstance(permanent, bool) else None,
    )  # fmt: skip
