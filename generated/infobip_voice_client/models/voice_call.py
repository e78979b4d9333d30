from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.ivr_result import IvrResult


T = TypeVar("T", bound="VoiceCall")


@_attrs_define
class VoiceCall:
    """What happened on the line. Any member may be missing or null."""

    feature: None | str | Unset = UNSET
    """ Which of the vendor's voice products made the call. An open set of words. """
    start_time: int | None | str | Unset = UNSET
    """ A time, as a text in the form of `ReportTime` or as milliseconds since 1970. In XML a text of digits alone
    is such a number. """
    answer_time: int | None | str | Unset = UNSET
    """ A time, as a text in the form of `ReportTime` or as milliseconds since 1970. In XML a text of digits alone
    is such a number. """
    end_time: int | None | str | Unset = UNSET
    """ A time, as a text in the form of `ReportTime` or as milliseconds since 1970. In XML a text of digits alone
    is such a number. """
    duration: int | None | Unset = UNSET
    """ How long the call lasted, in seconds; for a click to call counted from the transfer. """
    charged_duration: int | None | Unset = UNSET
    """ How many seconds are charged. """
    file_duration: float | None | Unset = UNSET
    """ How long the audio file of the message is, in seconds. """
    direction: None | str | Unset = UNSET
    """ Known are `OUTBOUND` and `INBOUND`. """
    dtmf_codes: None | str | Unset = UNSET
    """ What the called person pressed. """
    answered_by: None | str | Unset = UNSET
    """ Known are `HUMAN` and `MACHINE`. """
    call_recording_file_id: None | str | Unset = UNSET
    """ The name of the recording, when the call was recorded. """
    ivr: IvrResult | None | Unset = UNSET
    """ What the scenario of an outbound IVR collected. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.ivr_result import IvrResult  # noqa: PLC0415

        feature: None | str | Unset
        if isinstance(self.feature, Unset):
            feature = UNSET
        else:
            feature = self.feature

        start_time: int | None | str | Unset
        if isinstance(self.start_time, Unset):
            start_time = UNSET
        else:
            start_time = self.start_time

        answer_time: int | None | str | Unset
        if isinstance(self.answer_time, Unset):
            answer_time = UNSET
        else:
            answer_time = self.answer_time

        end_time: int | None | str | Unset
        if isinstance(self.end_time, Unset):
            end_time = UNSET
        else:
            end_time = self.end_time

        duration: int | None | Unset
        if isinstance(self.duration, Unset):
            duration = UNSET
        else:
            duration = self.duration

        charged_duration: int | None | Unset
        if isinstance(self.charged_duration, Unset):
            charged_duration = UNSET
        else:
            charged_duration = self.charged_duration

        file_duration: float | None | Unset
        if isinstance(self.file_duration, Unset):
            file_duration = UNSET
        else:
            file_duration = self.file_duration

        direction: None | str | Unset
        if isinstance(self.direction, Unset):
            direction = UNSET
        else:
            direction = self.direction

        dtmf_codes: None | str | Unset
        if isinstance(self.dtmf_codes, Unset):
            dtmf_codes = UNSET
        else:
            dtmf_codes = self.dtmf_codes

        answered_by: None | str | Unset
        if isinstance(self.answered_by, Unset):
            answered_by = UNSET
        else:
            answered_by = self.answered_by

        call_recording_file_id: None | str | Unset
        if isinstance(self.call_recording_file_id, Unset):
            call_recording_file_id = UNSET
        else:
            call_recording_file_id = self.call_recording_file_id

        ivr: dict[str, Any] | None | Unset
        if isinstance(self.ivr, Unset):
            ivr = UNSET
        elif isinstance(self.ivr, IvrResult):
            ivr = self.ivr.to_dict()
        else:
            ivr = self.ivr

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if feature is not UNSET:
            field_dict["feature"] = feature
        if start_time is not UNSET:
            field_dict["startTime"] = start_time
        if answer_time is not UNSET:
            field_dict["answerTime"] = answer_time
        if end_time is not UNSET:
            field_dict["endTime"] = end_time
        if duration is not UNSET:
            field_dict["duration"] = duration
        if charged_duration is not UNSET:
            field_dict["chargedDuration"] = charged_duration
        if file_duration is not UNSET:
            field_dict["fileDuration"] = file_duration
        if direction is not UNSET:
            field_dict["direction"] = direction
        if dtmf_codes is not UNSET:
            field_dict["dtmfCodes"] = dtmf_codes
        if answered_by is not UNSET:
            field_dict["answeredBy"] = answered_by
        if call_recording_file_id is not UNSET:
            field_dict["callRecordingFileId"] = call_recording_file_id
        if ivr is not UNSET:
            field_dict["ivr"] = ivr

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ivr_result import IvrResult  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_feature(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        feature = _parse_feature(d.pop("feature", UNSET))

        def _parse_start_time(data: object) -> int | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | str | Unset, data)

        start_time = _parse_start_time(d.pop("startTime", UNSET))

        def _parse_answer_time(data: object) -> int | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | str | Unset, data)

        answer_time = _parse_answer_time(d.pop("answerTime", UNSET))

        def _parse_end_time(data: object) -> int | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | str | Unset, data)

        end_time = _parse_end_time(d.pop("endTime", UNSET))

        def _parse_duration(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        duration = _parse_duration(d.pop("duration", UNSET))

        def _parse_charged_duration(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        charged_duration = _parse_charged_duration(d.pop("chargedDuration", UNSET))

        def _parse_file_duration(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        file_duration = _parse_file_duration(d.pop("fileDuration", UNSET))

        def _parse_direction(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        direction = _parse_direction(d.pop("direction", UNSET))

        def _parse_dtmf_codes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        dtmf_codes = _parse_dtmf_codes(d.pop("dtmfCodes", UNSET))

        def _parse_answered_by(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        answered_by = _parse_answered_by(d.pop("answeredBy", UNSET))

        def _parse_call_recording_file_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        call_recording_file_id = _parse_call_recording_file_id(
            d.pop("callRecordingFileId", UNSET)
        )

        def _parse_ivr(data: object) -> IvrResult | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                ivr_type_0 = IvrResult.from_dict(data)

                return ivr_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IvrResult | None | Unset, data)

        ivr = _parse_ivr(d.pop("ivr", UNSET))

        voice_call = cls(
            feature=feature,
            start_time=start_time,
            answer_time=answer_time,
            end_time=end_time,
            duration=duration,
            charged_duration=charged_duration,
            file_duration=file_duration,
            direction=direction,
            dtmf_codes=dtmf_codes,
            answered_by=answered_by,
            call_recording_file_id=call_recording_file_id,
            ivr=ivr,
        )

        voice_call.additional_properties = d
        return voice_call

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
