from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LaunchStatus")


@_attrs_define
class LaunchStatus:
    """A status at launch. The codes are an open set: known are 26 `PENDING_ACCEPTED`, and in group 5 among others 12
    `REJECTED_NOT_ENOUGH_CREDITS`, 14 `REJECTED_DESTINATION_BLOCKLISTED`, 23 `REJECTED_DUPLICATE_MESSAGE_ID`, 52
    `REJECTED_DESTINATION` and 54 `REJECTED_UNSUPPORTED_LANGUAGE`.

    """

    group_id: int
    """ The group's number. Known are 1 `PENDING` and 5 `REJECTED`. """
    group_name: str
    """ The group's name. """
    id: int
    """ The status's number. """
    name: str
    """ The status's name. """
    description: str
    """ The status in words. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        group_id = self.group_id

        group_name = self.group_name

        id = self.id

        name = self.name

        description = self.description

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "groupId": group_id,
                "groupName": group_name,
                "id": id,
                "name": name,
                "description": description,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        group_id = d.pop("groupId")

        group_name = d.pop("groupName")

        id = d.pop("id")

        name = d.pop("name")

        description = d.pop("description")

        launch_status = cls(
            group_id=group_id,
            group_name=group_name,
            id=id,
            name=name,
            description=description,
        )

        launch_status.additional_properties = d
        return launch_status

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
