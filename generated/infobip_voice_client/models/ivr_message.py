from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.notify_content_type import NotifyContentType, check_notify_content_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.call_retry import CallRetry
    from ..models.ivr_destination import IvrDestination
    from ..models.scenario_parameters import ScenarioParameters
    from ..models.sending_speed import SendingSpeed


T = TypeVar("T", bound="IvrMessage")


@_attrs_define
class IvrMessage:
    """One scenario for one or more destinations."""

    scenario_id: str
    """ The key of the scenario to play. """
    destinations: list[IvrDestination]
    """ The telephones to call, at most 20,000. In XML each item repeats the name of the list. """
    from_: str | Unset = UNSET
    """ The number that the called person sees, 3 to 14 digits. Not the 15 of a full E.164 number. """
    parameters: ScenarioParameters | Unset = UNSET
    """ Named text values. Each name has to be usable as the name of an XML element. """
    notify_url: str | Unset = UNSET
    """ An absolute http or https URL, or the empty string. """
    notify_content_type: NotifyContentType | Unset = UNSET
    """ A media type for pushed reports. """
    callback_data: str | Unset = UNSET
    """ Your own data, at most 200 characters, echoed in the pushed report. """
    validity_period: int | Unset = 2880
    """ For how many minutes a call may still be started, counted from acceptance or from `sendAt`, whichever is
    later. More than 2880 (48 hours) counts as 2880 and is not refused. Ignored when `sendingSpeed` is present. """
    send_at: str | Unset = UNSET
    """ A date, a time with up to nine fractional digits, and an offset: `Z`, or hours and minutes with or without a
    colon. The date has to exist. """
    record: bool | Unset = UNSET
    """ Record the call; the report then carries `recordedAudioFileUrl`. """
    retry: CallRetry | Unset = UNSET
    """ When the platform dials again after an attempt that failed. (Not the repeating of a lost
    *request*.)

    If the two periods are equal, every wait is that long. Otherwise the waits climb through 1,
    2, 5, 10, 20 and 30 minutes, then 1, 2, 4, 8, 16 and 24 hours. They begin with the first that
    is at least `minPeriod`, go on while they are below `maxPeriod`, and then stay at
    `maxPeriod`. Redialling ends at success, at the end of the validity or after `maxCount`
    redials.
     """
    sending_speed: SendingSpeed | Unset = UNSET
    """ A pace, as a number of calls for each unit of time. Ten an hour is one every six minutes. """

    def to_dict(self) -> dict[str, Any]:
        scenario_id = self.scenario_id

        destinations = []
        for destinations_item_data in self.destinations:
            destinations_item = destinations_item_data.to_dict()
            destinations.append(destinations_item)

        from_ = self.from_

        parameters: dict[str, Any] | Unset = UNSET
        if not isinstance(self.parameters, Unset):
            parameters = self.parameters.to_dict()

        notify_url = self.notify_url

        notify_content_type: str | Unset = UNSET
        if not isinstance(self.notify_content_type, Unset):
            notify_content_type = self.notify_content_type

        callback_data = self.callback_data

        validity_period = self.validity_period

        send_at = self.send_at

        record = self.record

        retry: dict[str, Any] | Unset = UNSET
        if not isinstance(self.retry, Unset):
            retry = self.retry.to_dict()

        sending_speed: dict[str, Any] | Unset = UNSET
        if not isinstance(self.sending_speed, Unset):
            sending_speed = self.sending_speed.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "scenarioId": scenario_id,
                "destinations": destinations,
            }
        )
        if from_ is not UNSET:
            field_dict["from"] = from_
        if parameters is not UNSET:
            field_dict["parameters"] = parameters
        if notify_url is not UNSET:
            field_dict["notifyUrl"] = notify_url
        if notify_content_type is not UNSET:
            field_dict["notifyContentType"] = notify_content_type
        if callback_data is not UNSET:
            field_dict["callbackData"] = callback_data
        if validity_period is not UNSET:
            field_dict["validityPeriod"] = validity_period
        if send_at is not UNSET:
            field_dict["sendAt"] = send_at
        if record is not UNSET:
            field_dict["record"] = record
        if retry is not UNSET:
            field_dict["retry"] = retry
        if sending_speed is not UNSET:
            field_dict["sendingSpeed"] = sending_speed

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call_retry import CallRetry  # noqa: PLC0415
        from ..models.ivr_destination import IvrDestination  # noqa: PLC0415
        from ..models.scenario_parameters import ScenarioParameters  # noqa: PLC0415
        from ..models.sending_speed import SendingSpeed  # noqa: PLC0415

        d = dict(src_dict)
        scenario_id = d.pop("scenarioId")

        destinations = []
        _destinations = d.pop("destinations")
        for destinations_item_data in _destinations:
            destinations_item = IvrDestination.from_dict(destinations_item_data)

            destinations.append(destinations_item)

        from_ = d.pop("from", UNSET)

        _parameters = d.pop("parameters", UNSET)
        parameters: ScenarioParameters | Unset
        if isinstance(_parameters, Unset):
            parameters = UNSET
        else:
            parameters = ScenarioParameters.from_dict(_parameters)

        notify_url = d.pop("notifyUrl", UNSET)

        _notify_content_type = d.pop("notifyContentType", UNSET)
        notify_content_type: NotifyContentType | Unset
        if isinstance(_notify_content_type, Unset):
            notify_content_type = UNSET
        else:
            notify_content_type = check_notify_content_type(_notify_content_type)

        callback_data = d.pop("callbackData", UNSET)

        validity_period = d.pop("validityPeriod", UNSET)

        send_at = d.pop("sendAt", UNSET)

        record = d.pop("record", UNSET)

        _retry = d.pop("retry", UNSET)
        retry: CallRetry | Unset
        if isinstance(_retry, Unset):
            retry = UNSET
        else:
            retry = CallRetry.from_dict(_retry)

        _sending_speed = d.pop("sendingSpeed", UNSET)
        sending_speed: SendingSpeed | Unset
        if isinstance(_sending_speed, Unset):
            sending_speed = UNSET
        else:
            sending_speed = SendingSpeed.from_dict(_sending_speed)

        ivr_message = cls(
            scenario_id=scenario_id,
            destinations=destinations,
            from_=from_,
            parameters=parameters,
            notify_url=notify_url,
            notify_content_type=notify_content_type,
            callback_data=callback_data,
            validity_period=validity_period,
            send_at=send_at,
            record=record,
            retry=retry,
            sending_speed=sending_speed,
        )

        return ivr_message
