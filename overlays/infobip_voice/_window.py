"""The hours of the week in which a call may ring."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Final, Literal, NamedTuple, get_args

from infobip_voice._models import models
from infobip_voice_client.types import UNSET

__all__ = ["Day", "Window", "delivery_time_window"]

Day = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
_EVERY_DAY: Final[tuple[Day, ...]] = get_args(Day)


class Window(NamedTuple):
    """When calls may ring, **in UTC**: the API's `deliveryTimeWindow`.

        Window(["MONDAY", "FRIDAY"], opens=time(6), closes=time(15, 30))

    A first attempt or a redial that falls outside waits for the next opening; the validity goes on
    meanwhile, and may end first.

    Attributes:
        days: the days, by the names of `Day`; by default all seven.
        opens: the first minute of the window, in UTC. Without `opens` and `closes` the days are
            whole.
        closes: the first minute after it, in UTC. One that is earlier than `opens` is on the next
            day, and the night belongs to the day on which it begins.
    """

    days: Sequence[Day] = _EVERY_DAY
    opens: time | None = None
    closes: time | None = None


def delivery_time_window(window: Window) -> "models.DeliveryTimeWindow":
    """Return a window as the generated model.

    Raises:
        ValueError: no window of the API is meant: a day comes twice, only one of the times is
            there, they are equal, or one has seconds or a zone other than UTC.
    """
    days, opens, closes = window
    for at, day in enumerate(days):
        if day in days[:at]:
            raise ValueError(f"days has {day} twice")
    if opens is None and closes is None:
        return models.DeliveryTimeWindow(list(days), UNSET, UNSET)
    if opens is None or closes is None:
        raise ValueError("opens and closes come together; leave both out for whole days")
    begin, end = _time_of_day("opens", opens), _time_of_day("closes", closes)
    if begin == end:
        raise ValueError("opens and closes are the same time; leave both out for whole days")
    return models.DeliveryTimeWindow(list(days), begin, end)


def _time_of_day(name: str, moment: time) -> "models.TimeOfDay":
    if moment.tzinfo is not None and moment.utcoffset() != timedelta():
        raise ValueError(f"{name} is in another zone than UTC, in which windows are: convert it, and mind summer time")
    if moment.second or moment.microsecond:
        raise ValueError(f"{name} has seconds; a window opens and closes at whole minutes")
    return models.TimeOfDay(moment.hour, moment.minute)
