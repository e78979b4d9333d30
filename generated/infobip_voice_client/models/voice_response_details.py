from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.launch_status import LaunchStatus


T = TypeVar("T", bound="VoiceResponseDetails")


@_attrs_define
class VoiceResponseDetails:
    """What became of one call at launch."""

    to: str
    """ The telephone that is called; for a click to call that of A. """
    status: LaunchStatus
    """ A status at launch. The codes are an open set: known are 26 `PENDING_ACCEPTED`, and in group 5 among others
    12 `REJECTED_NOT_ENOUGH_CREDITS`, 14 `REJECTED_DESTINATION_BLOCKLISTED`, 23 `REJECTED_DUPLICATE_MESSAGE_ID`, 52
    `REJECTED_DESTINATION` and 54 `REJECTED_UNSUPPORTED_LANGUAGE`. """
    message_id: str
    """ The name of this call, as supplied or as made. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        to = self.to

        status = self.status.to_dict()

        message_id = self.message_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "to": to,
                "status": status,
                "messageId": message_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.launch_status import LaunchStatus  # noqa: PLC0415

        d = dict(src_dict)
        to = d.pop("to")

        status = LaunchStatus.from_dict(d.pop("status"))

        message_id = d.pop("messageId")

        voice_response_details = cls(
            to=to,
            status=status,
            message_id=message_id,
        )

        voice_response_details.additional_properties = d
        return voice_response_details

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
