from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ivr_message_notify_content_version import (
    IvrMessageNotifyContentVersion,
    check_ivr_message_notify_content_version,
)
from ..models.notify_content_type import NotifyContentType, check_notify_content_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.call_retry import CallRetry
    from ..models.delivery_time_window import DeliveryTimeWindow
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
    """ A media type for pushed reports. Absent means `application/json`. """
    callback_data: str | Unset = UNSET
    """ Your own data, at most 200 characters, echoed in the report, fetched or pushed. """
    validity_period: int | Unset = UNSET
    """ For how many minutes a call may still be started, counted from acceptance or from `sendAt`, whichever is
    later. Absent means `2880`. More than 2880 (48 hours) counts as 2880 and is not refused. An attempt that is due
    just at its end is not made, and the call is reported as expired. Ignored when `sendingSpeed` is present. """
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

    Edition `2026` asks for all three members, and rounds the periods up to the next of those
    waits; 1440 minutes is the most.
     """
    sending_speed: SendingSpeed | Unset = UNSET
    """ A pace, as a number of calls for each unit of time. Ten an hour is one every six minutes. """
    notify_content_version: IvrMessageNotifyContentVersion | Unset = UNSET
    """ The form of the pushed report: 2 is nested, 1 is flat and deprecated. Absent means the edition's form, `1`
    in `seeds` and `2` in `2026`. """
    ring_timeout: int | Unset = UNSET
    """ How long to let it ring, in seconds, before the attempt counts as not answered. Absent means `45` in edition
    `2026`; the documentation pages know no such member. """
    call_timeout: int | Unset = UNSET
    """ The longest a call may last, in seconds from the answer. It is then ended. Absent means no limit. """
    pause: int | Unset = UNSET
    """ How long to wait between the answer and the first sound, in seconds, at most 10. Absent means `0`. """
    delivery_time_window: DeliveryTimeWindow | Unset = UNSET
    """ The hours of the week in which a call may ring, in UTC. `from` is part of them, `to` is not;
    both are given or neither, and without them the days are whole. A `to` that is earlier than
    `from` is on the next day, and the night belongs to the day on which it begins. The two may
    not be equal.
     """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

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

        notify_content_version: int | Unset = UNSET
        if not isinstance(self.notify_content_version, Unset):
            notify_content_version = self.notify_content_version

        ring_timeout = self.ring_timeout

        call_timeout = self.call_timeout

        pause = self.pause

        delivery_time_window: dict[str, Any] | Unset = UNSET
        if not isinstance(self.delivery_time_window, Unset):
            delivery_time_window = self.delivery_time_window.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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
        if notify_content_version is not UNSET:
            field_dict["notifyContentVersion"] = notify_content_version
        if ring_timeout is not UNSET:
            field_dict["ringTimeout"] = ring_timeout
        if call_timeout is not UNSET:
            field_dict["callTimeout"] = call_timeout
        if pause is not UNSET:
            field_dict["pause"] = pause
        if delivery_time_window is not UNSET:
            field_dict["deliveryTimeWindow"] = delivery_time_window

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call_retry import CallRetry  # noqa: PLC0415
        from ..models.delivery_time_window import DeliveryTimeWindow  # noqa: PLC0415
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

        _notify_content_version = d.pop("notifyContentVersion", UNSET)
        notify_content_version: IvrMessageNotifyContentVersion | Unset
        if isinstance(_notify_content_version, Unset):
            notify_content_version = UNSET
        else:
            notify_content_version = check_ivr_message_notify_content_version(
                _notify_content_version
            )

        ring_timeout = d.pop("ringTimeout", UNSET)

        call_timeout = d.pop("callTimeout", UNSET)

        pause = d.pop("pause", UNSET)

        _delivery_time_window = d.pop("deliveryTimeWindow", UNSET)
        delivery_time_window: DeliveryTimeWindow | Unset
        if isinstance(_delivery_time_window, Unset):
            delivery_time_window = UNSET
        else:
            delivery_time_window = DeliveryTimeWindow.from_dict(_delivery_time_window)

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
            notify_content_version=notify_content_version,
            ring_timeout=ring_timeout,
            call_timeout=call_timeout,
            pause=pause,
            delivery_time_window=delivery_time_window,
        )

        ivr_message.additional_properties = d
        return ivr_message

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
