from typing import Literal

NotifyContentType = Literal["application/json", "application/xml"]

NOTIFY_CONTENT_TYPE_VALUES: set[NotifyContentType] = {
    "application/json",
    "application/xml",
}


def check_notify_content_type(value: str) -> NotifyContentType:
    if value in NOTIFY_CONTENT_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {NOTIFY_CONTENT_TYPE_VALUES!r}"
    )
