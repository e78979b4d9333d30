from typing import Literal

DeliveryTimeWindowDaysItem = Literal[
    "FRIDAY", "MONDAY", "SATURDAY", "SUNDAY", "THURSDAY", "TUESDAY", "WEDNESDAY"
]

DELIVERY_TIME_WINDOW_DAYS_ITEM_VALUES: set[DeliveryTimeWindowDaysItem] = {
    "FRIDAY",
    "MONDAY",
    "SATURDAY",
    "SUNDAY",
    "THURSDAY",
    "TUESDAY",
    "WEDNESDAY",
}


def check_delivery_time_window_days_item(value: str) -> DeliveryTimeWindowDaysItem:
    if value in DELIVERY_TIME_WINDOW_DAYS_ITEM_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DELIVERY_TIME_WINDOW_DAYS_ITEM_VALUES!r}"
    )
