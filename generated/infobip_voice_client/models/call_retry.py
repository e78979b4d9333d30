from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="CallRetry")


@_attrs_define
class CallRetry:
    """When the platform dials again after an attempt that failed. (Not the repeating of a lost
    *request*.)

    If the two periods are equal, every wait is that long. Otherwise the waits climb through 1,
    2, 5, 10, 20 and 30 minutes, then 1, 2, 4, 8, 16 and 24 hours. They begin with the first that
    is at least `minPeriod`, go on while they are below `maxPeriod`, and then stay at
    `maxPeriod`. Redialling ends at success, at the end of the validity or after `maxCount`
    redials.

    Edition `2026` asks for all three members, and rounds the periods up to the next of those
    waits; 1440 minutes is the most.

    """

    min_period: int | Unset = UNSET
    """ The shortest wait after a failed attempt, in minutes. Absent means `1`. """
    max_period: int | Unset = UNSET
    """ The longest wait after a failed attempt, in minutes. Absent means `1440`. """
    max_count: int | Unset = UNSET
    """ How often to dial again at most. Absent means `4`. More than 4 counts as 4 and is not refused; the
    documentation's own example sends 5. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        min_period = self.min_period

        max_period = self.max_period

        max_count = self.max_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if min_period is not UNSET:
            field_dict["minPeriod"] = min_period
        if max_period is not UNSET:
            field_dict["maxPeriod"] = max_period
        if max_count is not UNSET:
            field_dict["maxCount"] = max_count

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        min_period = d.pop("minPeriod", UNSET)

        max_period = d.pop("maxPeriod", UNSET)

        max_count = d.pop("maxCount", UNSET)

        call_retry = cls(
            min_period=min_period,
            max_period=max_period,
            max_count=max_count,
        )

        call_retry.additional_properties = d
        return call_retry

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
