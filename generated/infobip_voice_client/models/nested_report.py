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
    from ..models.voice_call import VoiceCall


T = TypeVar("T", bound="NestedReport")


@_attrs_define
class NestedReport:
    """How one message ended, with the call as an object of its own. Any member may be missing or null. There is no
    `doneAt` and no `recordedAudioFileUrl`.

    """

    bulk_id: None | str | Unset = UNSET
    """ The name of the request that launched the call. """
    message_id: None | str | Unset = UNSET
    """ The name of the call. """
    from_: None | str | Unset = UNSET
    """ The number that the called person saw. """
    to: None | str | Unset = UNSET
    """ The telephone that was called; for a click to call that of A. """
    sent_at: None | str | Unset = UNSET
    """ A time with milliseconds and an offset *without* a colon, `yyyy-MM-dd'T'HH:mm:ss.SSSZ`. This is not RFC
    3339. """
    mcc_mnc: None | str | Unset = UNSET
    """ The country and network codes of the called telephone. """
    callback_data: None | str | Unset = UNSET
    """ The `callbackData` of the message. """
    voice_call: None | Unset | VoiceCall = UNSET
    """ The call itself. """
    price: None | Price | Unset = UNSET
    """ What the call costs. """
    status: None | ReportStatus | Unset = UNSET
    """ How the message ended. """
    error: None | ReportError | Unset = UNSET
    """ What happened to the call. An answered call has one too, in group 0. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.price import Price  # noqa: PLC0415
        from ..models.report_error import ReportError  # noqa: PLC0415
        from ..models.report_status import ReportStatus  # noqa: PLC0415
        from ..models.voice_call import VoiceCall  # noqa: PLC0415

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

        from_: None | str | Unset
        if isinstance(self.from_, Unset):
            from_ = UNSET
        else:
            from_ = self.from_

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

        mcc_mnc: None | str | Unset
        if isinstance(self.mcc_mnc, Unset):
            mcc_mnc = UNSET
        else:
            mcc_mnc = self.mcc_mnc

        callback_data: None | str | Unset
        if isinstance(self.callback_data, Unset):
            callback_data = UNSET
        else:
            callback_data = self.callback_data

        voice_call: dict[str, Any] | None | Unset
        if isinstance(self.voice_call, Unset):
            voice_call = UNSET
        elif isinstance(self.voice_call, VoiceCall):
            voice_call = self.voice_call.to_dict()
        else:
            voice_call = self.voice_call

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

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if bulk_id is not UNSET:
            field_dict["bulkId"] = bulk_id
        if message_id is not UNSET:
            field_dict["messageId"] = message_id
        if from_ is not UNSET:
            field_dict["from"] = from_
        if to is not UNSET:
            field_dict["to"] = to
        if sent_at is not UNSET:
            field_dict["sentAt"] = sent_at
        if mcc_mnc is not UNSET:
            field_dict["mccMnc"] = mcc_mnc
        if callback_data is not UNSET:
            field_dict["callbackData"] = callback_data
        if voice_call is not UNSET:
            field_dict["voiceCall"] = voice_call
        if price is not UNSET:
            field_dict["price"] = price
        if status is not UNSET:
            field_dict["status"] = status
        if error is not UNSET:
            field_dict["error"] = error

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.price import Price  # noqa: PLC0415
        from ..models.report_error import ReportError  # noqa: PLC0415
        from ..models.report_status import ReportStatus  # noqa: PLC0415
        from ..models.voice_call import VoiceCall  # noqa: PLC0415

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

        def _parse_from_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        from_ = _parse_from_(d.pop("from", UNSET))

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

        def _parse_mcc_mnc(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        mcc_mnc = _parse_mcc_mnc(d.pop("mccMnc", UNSET))

        def _parse_callback_data(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        callback_data = _parse_callback_data(d.pop("callbackData", UNSET))

        def _parse_voice_call(data: object) -> None | Unset | VoiceCall:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                voice_call_type_0 = VoiceCall.from_dict(data)

                return voice_call_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VoiceCall, data)

        voice_call = _parse_voice_call(d.pop("voiceCall", UNSET))

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

        nested_report = cls(
            bulk_id=bulk_id,
            message_id=message_id,
            from_=from_,
            to=to,
            sent_at=sent_at,
            mcc_mnc=mcc_mnc,
            callback_data=callback_data,
            voice_call=voice_call,
            price=price,
            status=status,
            error=error,
        )

        nested_report.additional_properties = d
        return nested_report

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
