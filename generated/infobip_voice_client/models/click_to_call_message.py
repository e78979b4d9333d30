from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.click_to_call_message_machine_detection import (
    ClickToCallMessageMachineDetection,
    check_click_to_call_message_machine_detection,
)
from ..models.click_to_call_message_notify_content_version import (
    ClickToCallMessageNotifyContentVersion,
    check_click_to_call_message_notify_content_version,
)
from ..models.click_to_call_message_record_type_1 import (
    ClickToCallMessageRecordType1,
    check_click_to_call_message_record_type_1,
)
from ..models.notify_content_type import NotifyContentType, check_notify_content_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.call_retry import CallRetry
    from ..models.delivery_time_window import DeliveryTimeWindow
    from ..models.voice import Voice


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
    """ A text that is spoken to A before the transfer; it may be SSML. With neither `text` nor `audioFileUrl`
    nothing is played. """
    language: str | Unset = UNSET
    """ The language of `text`. It must be defined for a text, says the documentation of click to call; the vendor's
    present document has a default. Absent means `en`. If the platform does not speak it, only this message is
    rejected. """
    audio_file_url: str | Unset = UNSET
    """ An audio file to play to A before the transfer, online, below 4 MB: WAV or MP3; the vendor's present
    document adds AAC, AIFF, M4A, MP2, MP4, OGG and WMA. """
    record: bool | ClickToCallMessageRecordType1 | Unset = UNSET
    """ Record the call; the report then carries `recordedAudioFileUrl`. Documented as one of the strings `true` and
    `false`; a boolean means the same. """
    anonymization: bool | Unset = UNSET
    """ Show `from` to B too, instead of the number of A. Absent means `false`. No effect when `fromB` is set. """
    notify_url: str | Unset = UNSET
    """ An absolute http or https URL, or the empty string. """
    notify_content_type: NotifyContentType | Unset = UNSET
    """ A media type for pushed reports. Absent means `application/json`. """
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

    Edition `2026` asks for all three members, and rounds the periods up to the next of those
    waits; 1440 minutes is the most.
     """
    notify_content_version: ClickToCallMessageNotifyContentVersion | Unset = UNSET
    """ The form of the pushed report: 2 is nested, 1 is flat and deprecated. Absent means the edition's form, `1`
    in `seeds` and `2` in `2026`. """
    delivery_time_window: DeliveryTimeWindow | Unset = UNSET
    """ The hours of the week in which a call may ring, in UTC. `from` is part of them, `to` is not;
    both are given or neither, and without them the days are whole. A `to` that is earlier than
    `from` is on the next day, and the night belongs to the day on which it begins. The two may
    not be equal.
     """
    voice: Voice | Unset = UNSET
    """ A voice. With `name` that voice, whatever `gender` says; with `gender` alone the language's
    first voice of it.
     """
    machine_detection: ClickToCallMessageMachineDetection | Unset = UNSET
    """ What to do when a machine answers A. With `hangup` the call is ended after at least 4 seconds of detection:
    nothing is played and B is not dialled. Absent means no detection. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

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

        notify_content_version: int | Unset = UNSET
        if not isinstance(self.notify_content_version, Unset):
            notify_content_version = self.notify_content_version

        delivery_time_window: dict[str, Any] | Unset = UNSET
        if not isinstance(self.delivery_time_window, Unset):
            delivery_time_window = self.delivery_time_window.to_dict()

        voice: dict[str, Any] | Unset = UNSET
        if not isinstance(self.voice, Unset):
            voice = self.voice.to_dict()

        machine_detection: str | Unset = UNSET
        if not isinstance(self.machine_detection, Unset):
            machine_detection = self.machine_detection

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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
        if notify_content_version is not UNSET:
            field_dict["notifyContentVersion"] = notify_content_version
        if delivery_time_window is not UNSET:
            field_dict["deliveryTimeWindow"] = delivery_time_window
        if voice is not UNSET:
            field_dict["voice"] = voice
        if machine_detection is not UNSET:
            field_dict["machineDetection"] = machine_detection

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call_retry import CallRetry  # noqa: PLC0415
        from ..models.delivery_time_window import DeliveryTimeWindow  # noqa: PLC0415
        from ..models.voice import Voice  # noqa: PLC0415

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

        _notify_content_version = d.pop("notifyContentVersion", UNSET)
        notify_content_version: ClickToCallMessageNotifyContentVersion | Unset
        if isinstance(_notify_content_version, Unset):
            notify_content_version = UNSET
        else:
            notify_content_version = check_click_to_call_message_notify_content_version(
                _notify_content_version
            )

        _delivery_time_window = d.pop("deliveryTimeWindow", UNSET)
        delivery_time_window: DeliveryTimeWindow | Unset
        if isinstance(_delivery_time_window, Unset):
            delivery_time_window = UNSET
        else:
            delivery_time_window = DeliveryTimeWindow.from_dict(_delivery_time_window)

        _voice = d.pop("voice", UNSET)
        voice: Voice | Unset
        if isinstance(_voice, Unset):
            voice = UNSET
        else:
            voice = Voice.from_dict(_voice)

        _machine_detection = d.pop("machineDetection", UNSET)
        machine_detection: ClickToCallMessageMachineDetection | Unset
        if isinstance(_machine_detection, Unset):
            machine_detection = UNSET
        else:
            machine_detection = check_click_to_call_message_machine_detection(
                _machine_detection
            )

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
            notify_content_version=notify_content_version,
            delivery_time_window=delivery_time_window,
            voice=voice,
            machine_detection=machine_detection,
        )

        click_to_call_message.additional_properties = d
        return click_to_call_message

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
