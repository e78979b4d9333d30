from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="IvrDestination")


@_attrs_define
class IvrDestination:
    """One telephone to call."""

    to: str
    """ An E.164 number as digits alone, 5 to 15, without a leading zero. """
    message_id: str | Unset = UNSET
    """ A name of your choice for a request or a call, 1 to 100 characters. """

    def to_dict(self) -> dict[str, Any]:
        to = self.to

        message_id = self.message_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "to": to,
            }
        )
        if message_id is not UNSET:
            field_dict["messageId"] = message_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        to = d.pop("to")

        message_id = d.pop("messageId", UNSET)

        ivr_destination = cls(
            to=to,
            message_id=message_id,
        )

        return ivr_destination
