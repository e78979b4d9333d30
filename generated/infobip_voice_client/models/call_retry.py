from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

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

    """

    min_period: int | Unset = 1
    """ The shortest wait after a failed attempt, in minutes. """
    max_period: int | Unset = 1440
    """ The longest wait after a failed attempt, in minutes. """
    max_count: int | Unset = 4
    """ How often to dial again at most. More than 4 counts as 4 and is not refused; the documentation's own example
    sends 5. """

    def to_dict(self) -> dict[str, Any]:
        min_period = self.min_period

        max_period = self.max_period

        max_count = self.max_count

        field_dict: dict[str, Any] = {}

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

        return call_retry
