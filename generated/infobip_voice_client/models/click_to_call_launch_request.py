from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.click_to_call_message import ClickToCallMessage


T = TypeVar("T", bound="ClickToCallLaunchRequest")


@_attrs_define
class ClickToCallLaunchRequest:
    """A request to launch one or more clicks to call."""

    messages: list[ClickToCallMessage]
    """ The calls to make. In XML each item repeats the name of the list. """
    bulk_id: str | Unset = UNSET
    """ A name of your choice for a request or a call, 1 to 100 characters. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        messages = []
        for messages_item_data in self.messages:
            messages_item = messages_item_data.to_dict()
            messages.append(messages_item)

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
        from ..models.click_to_call_message import ClickToCallMessage  # noqa: PLC0415

        d = dict(src_dict)
        messages = []
        _messages = d.pop("messages")
        for messages_item_data in _messages:
            messages_item = ClickToCallMessage.from_dict(messages_item_data)

            messages.append(messages_item)

        bulk_id = d.pop("bulkId", UNSET)

        click_to_call_launch_request = cls(
            messages=messages,
            bulk_id=bulk_id,
        )

        click_to_call_launch_request.additional_properties = d
        return click_to_call_launch_request

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
