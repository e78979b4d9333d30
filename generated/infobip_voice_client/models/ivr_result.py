from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="IvrResult")


@_attrs_define
class IvrResult:
    """What a scenario collected. Each of the last four members is a text that holds a JSON object, by the variables of the
    scenario. Any member may be missing or null.

    """

    scenario_id: None | str | Unset = UNSET
    """ The key of the scenario. """
    scenario_name: None | str | Unset = UNSET
    """ The name of the scenario. """
    collected_dtmfs: None | str | Unset = UNSET
    """ What was pressed. """
    collected_mapped_dtmfs: None | str | Unset = UNSET
    """ What was pressed, in the words that the scenario maps it to. """
    spoken_input: None | str | Unset = UNSET
    """ What was said. """
    matched_spoken_input: None | str | Unset = UNSET
    """ Which of the expected phrases was said. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
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

        collected_dtmfs: None | str | Unset
        if isinstance(self.collected_dtmfs, Unset):
            collected_dtmfs = UNSET
        else:
            collected_dtmfs = self.collected_dtmfs

        collected_mapped_dtmfs: None | str | Unset
        if isinstance(self.collected_mapped_dtmfs, Unset):
            collected_mapped_dtmfs = UNSET
        else:
            collected_mapped_dtmfs = self.collected_mapped_dtmfs

        spoken_input: None | str | Unset
        if isinstance(self.spoken_input, Unset):
            spoken_input = UNSET
        else:
            spoken_input = self.spoken_input

        matched_spoken_input: None | str | Unset
        if isinstance(self.matched_spoken_input, Unset):
            matched_spoken_input = UNSET
        else:
            matched_spoken_input = self.matched_spoken_input

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if scenario_id is not UNSET:
            field_dict["scenarioId"] = scenario_id
        if scenario_name is not UNSET:
            field_dict["scenarioName"] = scenario_name
        if collected_dtmfs is not UNSET:
            field_dict["collectedDtmfs"] = collected_dtmfs
        if collected_mapped_dtmfs is not UNSET:
            field_dict["collectedMappedDtmfs"] = collected_mapped_dtmfs
        if spoken_input is not UNSET:
            field_dict["spokenInput"] = spoken_input
        if matched_spoken_input is not UNSET:
            field_dict["matchedSpokenInput"] = matched_spoken_input

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

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

        def _parse_collected_dtmfs(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        collected_dtmfs = _parse_collected_dtmfs(d.pop("collectedDtmfs", UNSET))

        def _parse_collected_mapped_dtmfs(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        collected_mapped_dtmfs = _parse_collected_mapped_dtmfs(
            d.pop("collectedMappedDtmfs", UNSET)
        )

        def _parse_spoken_input(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        spoken_input = _parse_spoken_input(d.pop("spokenInput", UNSET))

        def _parse_matched_spoken_input(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        matched_spoken_input = _parse_matched_spoken_input(
            d.pop("matchedSpokenInput", UNSET)
        )

        ivr_result = cls(
            scenario_id=scenario_id,
            scenario_name=scenario_name,
            collected_dtmfs=collected_dtmfs,
            collected_mapped_dtmfs=collected_mapped_dtmfs,
            spoken_input=spoken_input,
            matched_spoken_input=matched_spoken_input,
        )

        ivr_result.additional_properties = d
        return ivr_result

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
