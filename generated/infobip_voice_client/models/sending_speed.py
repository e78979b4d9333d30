from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sending_speed_time_unit import (
    SendingSpeedTimeUnit,
    check_sending_speed_time_unit,
)

T = TypeVar("T", bound="SendingSpeed")


@_attrs_define
class SendingSpeed:
    """A pace, as a number of calls for each unit of time. Ten an hour is one every six minutes."""

    speed: int
    """ How many calls to start in one `timeUnit`. """
    time_unit: SendingSpeedTimeUnit
    """ The unit of time. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        speed = self.speed

        time_unit: str = self.time_unit

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "speed": speed,
                "timeUnit": time_unit,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        speed = d.pop("speed")

        time_unit = check_sending_speed_time_unit(d.pop("timeUnit"))

        sending_speed = cls(
            speed=speed,
            time_unit=time_unit,
        )

        sending_speed.additional_properties = d
        return sending_speed

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
