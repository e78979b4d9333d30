from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.click_to_call_message_record_type_1 import (
    ClickToCallMessageRecordType1,
    check_click_to_call_message_record_type_1,
)
from ..models.notify_content_type import NotifyContentType, check_notify_content_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.call_retry import CallRetry


T = TypeVar("T", bound="ClickToCallMessage")


@_attrs_define
class ClickToCallMessage:
    """One call that connects A with B."""

    from_: str
    """ The number that A sees. """
    destination_a: str
    """ An E.164 number as digits alone, 5 to 15, without a leading zero. """
    destination_b: str
    """ An E.164 number as digits alone, 5 to 15, without a leading zero. """
    message_id: str | Unset = UNSET
    """ A name of your choice for a request or a call, 1 to 100 characters. """
    from_b: str | Unset = UNSET
    """ The number that B sees. When set, `anonymization` has no effect. """
    text: str | Unset = UNSET
    """ A text that is spoken to A before the transfer. With neither `text` nor `audioFileUrl` nothing is played.
    """
    language: str | Unset = "en"
    """ The language of `text`. If the platform does not speak it, only this message is rejected. """
    audio_file_url: str | Unset = UNSET
    """ An audio file to play to A before the transfer, WAV or MP3, online, below 4 MB. """
    record: bool | ClickToCallMessageRecordType1 | Unset = UNSET
    """ Record the call; the report then carries `recordedAudioFileUrl`. Documented as one of the strings `true` and
    `false`; a boolean means the same. """
    anonymization: bool | Unset = False
    """ Show `from` to B too, instead of the number of A. No effect when `fromB` is set. """
    notify_url: str | Unset = UNSET
    """ An absolute http or https URL, or the empty string. """
    notify_content_type: NotifyContentType | Unset = UNSET
    """ A media type for pushed reports. """
    max_duration: int | Unset = UNSET
    """ The longest the transferred call may last, in seconds from the transfer. It is then ended. """
    warning_time: int | Unset = UNSET
    """ How many seconds before `maxDuration` a beep is played: with 60 and 5, at second 55. There is no beep
    without `maxDuration`, or if `warningTime` is not below it. """
    retry: CallRetry | Unset = UNSET
    """ When the platform dials again after an attempt that failed. (Not the repeating of a lost
    *request*.)

    If the two periods are equal, every wait is that long. Otherwise the waits climb through 1,
    2, 5, 10, 20 and 30 minutes, then 1, 2, 4, 8, 16 and 24 hours. They begin with the first that
    is at least `minPeriod`, go on while they are below `maxPeriod`, and then stay at
    `maxPeriod`. Redialling ends at success, at the end of the validity or after `maxCount`
    redials.
     """

    def to_dict(self) -> dict[str, Any]:
        from_ = self.from_

        destination_a = self.destination_a

        destination_b = self.destination_b

        message_id = self.message_id

        from_b = self.from_b

        text = self.text

        language = self.language

        audio_file_url = self.audio_file_url

        record: bool | str | Unset
        if isinstance(self.record, Unset):
            record = UNSET
        elif isinstance(self.record, str):
            record = self.record
        else:
            record = self.record

        anonymization = self.anonymization

        notify_url = self.notify_url

        notify_content_type: str | Unset = UNSET
        if not isinstance(self.notify_content_type, Unset):
            notify_content_type = self.notify_content_type

        max_duration = self.max_duration

        warning_time = self.warning_time

        retry: dict[str, Any] | Unset = UNSET
        if not isinstance(self.retry, Unset):
            retry = self.retry.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "from": from_,
                "destinationA": destination_a,
                "destinationB": destination_b,
            }
        )
        if message_id is not UNSET:
            field_dict["messageId"] = message_id
        if from_b is not UNSET:
            field_dict["fromB"] = from_b
        if text is not UNSET:
            field_dict["text"] = text
        if language is not UNSET:
            field_dict["language"] = language
        if audio_file_url is not UNSET:
            field_dict["audioFileUrl"] = audio_file_url
        if record is not UNSET:
            field_dict["record"] = record
        if anonymization is not UNSET:
            field_dict["anonymization"] = anonymization
        if notify_url is not UNSET:
            field_dict["notifyUrl"] = notify_url
        if notify_content_type is not UNSET:
            field_dict["notifyContentType"] = notify_content_type
        if max_duration is not UNSET:
            field_dict["maxDuration"] = max_duration
        if warning_time is not UNSET:
            field_dict["warningTime"] = warning_time
        if retry is not UNSET:
            field_dict["retry"] = retry

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call_retry import CallRetry  # noqa: PLC0415

        d = dict(src_dict)
        from_ = d.pop("from")

        destination_a = d.pop("destinationA")

        destination_b = d.pop("destinationB")

        message_id = d.pop("messageId", UNSET)

        from_b = d.pop("fromB", UNSET)

        text = d.pop("text", UNSET)

        language = d.pop("language", UNSET)

        audio_file_url = d.pop("audioFileUrl", UNSET)

        def _parse_record(data: object) -> bool | ClickToCallMessageRecordType1 | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                record_type_1 = check_click_to_call_message_record_type_1(data)

                return record_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | ClickToCallMessageRecordType1 | Unset, data)

        record = _parse_record(d.pop("record", UNSET))

        anonymization = d.pop("anonymization", UNSET)

        notify_url = d.pop("notifyUrl", UNSET)

        _notify_content_type = d.pop("notifyContentType", UNSET)
        notify_content_type: NotifyContentType | Unset
        if isinstance(_notify_content_type, Unset):
            notify_content_type = UNSET
        else:
            notify_content_type = check_notify_content_type(_notify_content_type)

        max_duration = d.pop("maxDuration", UNSET)

        warning_time = d.pop("warningTime", UNSET)

        _retry = d.pop("retry", UNSET)
        retry: CallRetry | Unset
        if isinstance(_retry, Unset):
            retry = UNSET
        else:
            retry = CallRetry.from_dict(_retry)

        click_to_call_message = cls(
            from_=from_,
            destination_a=destination_a,
            destination_b=destination_b,
            message_id=message_id,
            from_b=from_b,
            text=text,
            language=language,
            audio_file_url=audio_file_url,
            record=record,
            anonymization=anonymization,
            notify_url=notify_url,
            notify_content_type=notify_content_type,
            max_duration=max_duration,
            warning_time=warning_time,
            retry=retry,
        )

        return click_to_call_message
