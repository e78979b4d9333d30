from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.voice_response_details import VoiceResponseDetails


T = TypeVar("T", bound="VoiceResponse")


@_attrs_define
class VoiceResponse:
    """What became of a launch. A client has to keep members that are not listed here."""

    messages: list[VoiceResponseDetails]
    """ One entry for each destination (IVR) or message (click to call), in the order of the request. """
    bulk_id: None | str | Unset = UNSET
    """ The name of the request, as supplied, or made by the server for more than one entry. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        messages = []
        for messages_item_data in self.messages:
            messages_item = messages_item_data.to_dict()
            messages.append(messages_item)

        bulk_id: None | str | Unset
        if isinstance(self.bulk_id, Unset):
            bulk_id = UNSET
        else:
            bulk_id = self.bulk_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "messages": messages,
            }
        )
        if bulk_id is not UNSET:
            field_dict["bulkId"] = bulk_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.voice_response_details import VoiceResponseDetails  # noqa: PLC0415

        d = dict(src_dict)
        messages = []
        _messages = d.pop("messages")
        for messages_item_data in _messages:
            messages_item = VoiceResponseDetails.from_dict(messages_item_data)

            messages.append(messages_item)

        def _parse_bulk_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        bulk_id = _parse_bulk_id(d.pop("bulkId", UNSET))

        voice_response = cls(
            messages=messages,
            bulk_id=bulk_id,
        )

        voice_response.additional_properties = d
        return voice_response

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
