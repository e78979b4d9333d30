from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.price import Price
    from ..models.report_error import ReportError
    from ..models.report_status import ReportStatus


T = TypeVar("T", bound="VoiceReport")


@_attrs_define
class VoiceReport:
    """How one message ended. Any member may be missing or null."""

    bulk_id: None | str | Unset = UNSET
    """ The name of the request that launched the call. """
    message_id: None | str | Unset = UNSET
    """ The name of the call. """
    to: None | str | Unset = UNSET
    """ The telephone that was called; for a click to call that of A. """
    sent_at: None | str | Unset = UNSET
    """ A time with milliseconds and an offset *without* a colon, `yyyy-MM-dd'T'HH:mm:ss.SSSZ`. This is not RFC
    3339. """
    done_at: None | str | Unset = UNSET
    """ A time with milliseconds and an offset *without* a colon, `yyyy-MM-dd'T'HH:mm:ss.SSSZ`. This is not RFC
    3339. """
    duration: int | None | Unset = UNSET
    """ How long the call lasted, in seconds; for a click to call counted from the transfer. """
    mcc_mnc: None | str | Unset = UNSET
    """ The country and network codes of the called telephone. """
    dtmf_codes: None | str | Unset = UNSET
    """ What the called person pressed. """
    recorded_audio_file_url: None | str | Unset = UNSET
    """ Where the recording is to be had, when the call was recorded. Relative on some servers. """
    price: None | Price | Unset = UNSET
    """ What the call costs. """
    status: None | ReportStatus | Unset = UNSET
    """ How the message ended. """
    error: None | ReportError | Unset = UNSET
    """ What happened to the call. An answered call has one too, in group 0. """
    callback_data: None | str | Unset = UNSET
    """ The `callbackData` of the message. """
    start_time: int | None | str | Unset = UNSET
    """ A time, as a text in the form of `ReportTime` or as milliseconds since 1970. In XML a text of digits alone
    is such a number. """
    answer_time: int | None | str | Unset = UNSET
    """ A time, as a text in the form of `ReportTime` or as milliseconds since 1970. In XML a text of digits alone
    is such a number. """
    end_time: int | None | str | Unset = UNSET
    """ A time, as a text in the form of `ReportTime` or as milliseconds since 1970. In XML a text of digits alone
    is such a number. """
    dtmf_codes_as_json: None | str | Unset = UNSET
    """ What was pressed, as a text that holds a JSON object, by the variables of the scenario. """
    transcribed_audio_file_url: None | str | Unset = UNSET
    """ Where the transcription is to be had. Relative on some servers. """
    file_duration: float | None | Unset = UNSET
    """ How long the audio file of the message is, in seconds. """
    scenario_id: None | str | Unset = UNSET
    """ The key of the scenario that was played. Outbound IVR only. """
    scenario_name: None | str | Unset = UNSET
    """ The name of that scenario. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.price import Price  # noqa: PLC0415
        from ..models.report_error import ReportError  # noqa: PLC0415
        from ..models.report_status import ReportStatus  # noqa: PLC0415

        bulk_id: None | str | Unset
        if isinstance(self.bulk_id, Unset):
            bulk_id = UNSET
        else:
            bulk_id = self.bulk_id

        message_id: None | str | Unset
        if isinstance(self.message_id, Unset):
            message_id = UNSET
        else:
            message_id = self.message_id

        to: None | str | Unset
        if isinstance(self.to, Unset):
            to = UNSET
        else:
            to = self.to

        sent_at: None | str | Unset
        if isinstance(self.sent_at, Unset):
            sent_at = UNSET
        else:
            sent_at = self.sent_at

        done_at: None | str | Unset
        if isinstance(self.done_at, Unset):
            done_at = UNSET
        else:
            done_at = self.done_at

        duration: int | None | Unset
        if isinstance(self.duration, Unset):
            duration = UNSET
        else:
            duration = self.duration

        mcc_mnc: None | str | Unset
        if isinstance(self.mcc_mnc, Unset):
            mcc_mnc = UNSET
        else:
            mcc_mnc = self.mcc_mnc

        dtmf_codes: None | str | Unset
        if isinstance(self.dtmf_codes, Unset):
            dtmf_codes = UNSET
        else:
            dtmf_codes = self.dtmf_codes

        recorded_audio_file_url: None | str | Unset
        if isinstance(self.recorded_audio_file_url, Unset):
            recorded_audio_file_url = UNSET
        else:
            recorded_audio_file_url = self.recorded_audio_file_url

        price: dict[str, Any] | None | Unset
        if isinstance(self.price, Unset):
            price = UNSET
        elif isinstance(self.price, Price):
            price = self.price.to_dict()
        else:
            price = self.price

        status: dict[str, Any] | None | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, ReportStatus):
            status = self.status.to_dict()
        else:
            status = self.status

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, ReportError):
            error = self.error.to_dict()
        else:
            error = self.error

        callback_data: None | str | Unset
        if isinstance(self.callback_data, Unset):
            callback_data = UNSET
        else:
            callback_data = self.callback_data

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

        dtmf_codes_as_json: None | str | Unset
        if isinstance(self.dtmf_codes_as_json, Unset):
            dtmf_codes_as_json = UNSET
        else:
            dtmf_codes_as_json = self.dtmf_codes_as_json

        transcribed_audio_file_url: None | str | Unset
        if isinstance(self.transcribed_audio_file_url, Unset):
            transcribed_audio_file_url = UNSET
        else:
            transcribed_audio_file_url = self.transcribed_audio_file_url

        file_duration: float | None | Unset
        if isinstance(self.file_duration, Unset):
            file_duration = UNSET
        else:
            file_duration = self.file_duration

        scenario_id: None | str | Unset
        if isinstance(self.scenario_id, Unset):
            scenario_id = UNSET
        else:
            scenario_id = self.scenario_id

        scenario_name: None | str | Unset
        if isinstance(self.scenario_name, Unset):
            scenario_name = UNSET
        else:
            scenario_name = self.scenario_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if bulk_id is not UNSET:
            field_dict["bulkId"] = bulk_id
        if message_id is not UNSET:
            field_dict["messageId"] = message_id
        if to is not UNSET:
            field_dict["to"] = to
        if sent_at is not UNSET:
            field_dict["sentAt"] = sent_at
        if done_at is not UNSET:
            field_dict["doneAt"] = done_at
        if duration is not UNSET:
            field_dict["duration"] = duration
        if mcc_mnc is not UNSET:
            field_dict["mccMnc"] = mcc_mnc
        if dtmf_codes is not UNSET:
            field_dict["dtmfCodes"] = dtmf_codes
        if recorded_audio_file_url is not UNSET:
            field_dict["recordedAudioFileUrl"] = recorded_audio_file_url
        if price is not UNSET:
            field_dict["price"] = price
        if status is not UNSET:
            field_dict["status"] = status
        if error is not UNSET:
            field_dict["error"] = error
        if callback_data is not UNSET:
            field_dict["callbackData"] = callback_data
        if start_time is not UNSET:
            field_dict["startTime"] = start_time
        if answer_time is not UNSET:
            field_dict["answerTime"] = answer_time
        if end_time is not UNSET:
            field_dict["endTime"] = end_time
        if dtmf_codes_as_json is not UNSET:
            field_dict["dtmfCodesAsJson"] = dtmf_codes_as_json
        if transcribed_audio_file_url is not UNSET:
            field_dict["transcribedAudioFileUrl"] = transcribed_audio_file_url
        if file_duration is not UNSET:
            field_dict["fileDuration"] = file_duration
        if scenario_id is not UNSET:
            field_dict["scenarioId"] = scenario_id
        if scenario_name is not UNSET:
            field_dict["scenarioName"] = scenario_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.price import Price  # noqa: PLC0415
        from ..models.report_error import ReportError  # noqa: PLC0415
        from ..models.report_status import ReportStatus  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_bulk_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        bulk_id = _parse_bulk_id(d.pop("bulkId", UNSET))

        def _parse_message_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        message_id = _parse_message_id(d.pop("messageId", UNSET))

        def _parse_to(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        to = _parse_to(d.pop("to", UNSET))

        def _parse_sent_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sent_at = _parse_sent_at(d.pop("sentAt", UNSET))

        def _parse_done_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        done_at = _parse_done_at(d.pop("doneAt", UNSET))

        def _parse_duration(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        duration = _parse_duration(d.pop("duration", UNSET))

        def _parse_mcc_mnc(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        mcc_mnc = _parse_mcc_mnc(d.pop("mccMnc", UNSET))

        def _parse_dtmf_codes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        dtmf_codes = _parse_dtmf_codes(d.pop("dtmfCodes", UNSET))

        def _parse_recorded_audio_file_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        recorded_audio_file_url = _parse_recorded_audio_file_url(
            d.pop("recordedAudioFileUrl", UNSET)
        )

        def _parse_price(data: object) -> None | Price | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                price_type_0 = Price.from_dict(data)

                return price_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Price | Unset, data)

        price = _parse_price(d.pop("price", UNSET))

        def _parse_status(data: object) -> None | ReportStatus | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                status_type_0 = ReportStatus.from_dict(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportStatus | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_error(data: object) -> None | ReportError | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = ReportError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReportError | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_callback_data(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        callback_data = _parse_callback_data(d.pop("callbackData", UNSET))

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

        def _parse_dtmf_codes_as_json(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        dtmf_codes_as_json = _parse_dtmf_codes_as_json(d.pop("dtmfCodesAsJson", UNSET))

        def _parse_transcribed_audio_file_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        transcribed_audio_file_url = _parse_transcribed_audio_file_url(
            d.pop("transcribedAudioFileUrl", UNSET)
        )

        def _parse_file_duration(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        file_duration = _parse_file_duration(d.pop("fileDuration", UNSET))

        def _parse_scenario_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        scenario_id = _parse_scenario_id(d.pop("scenarioId", UNSET))

        def _parse_scenario_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        scenario_name = _parse_scenario_name(d.pop("scenarioName", UNSET))

        voice_report = cls(
            bulk_id=bulk_id,
            message_id=message_id,
            to=to,
            sent_at=sent_at,
            done_at=done_at,
            duration=duration,
            mcc_mnc=mcc_mnc,
            dtmf_codes=dtmf_codes,
            recorded_audio_file_url=recorded_audio_file_url,
            price=price,
            status=status,
            error=error,
            callback_data=callback_data,
            start_time=start_time,
            answer_time=answer_time,
            end_time=end_time,
            dtmf_codes_as_json=dtmf_codes_as_json,
            transcribed_audio_file_url=transcribed_audio_file_url,
            file_duration=file_duration,
            scenario_id=scenario_id,
            scenario_name=scenario_name,
        )

        voice_report.additional_properties = d
        return voice_report

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
