from typing import Literal

SendingSpeedTimeUnit = Literal["day", "hour", "minute", "second"]

SENDING_SPEED_TIME_UNIT_VALUES: set[SendingSpeedTimeUnit] = {
    "day",
    "hour",
    "minute",
    "second",
}


def check_sending_speed_time_unit(value: str) -> SendingSpeedTimeUnit:
    if value in SENDING_SPEED_TIME_UNIT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {SENDING_SPEED_TIME_UNIT_VALUES!r}"
    )
