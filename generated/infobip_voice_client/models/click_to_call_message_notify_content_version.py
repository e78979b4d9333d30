from typing import Literal

ClickToCallMessageNotifyContentVersion = Literal[1, 2]

CLICK_TO_CALL_MESSAGE_NOTIFY_CONTENT_VERSION_VALUES: set[
    ClickToCallMessageNotifyContentVersion
] = {
    1,
    2,
}


def check_click_to_call_message_notify_content_version(
    value: int,
) -> ClickToCallMessageNotifyContentVersion:
    if value in CLICK_TO_CALL_MESSAGE_NOTIFY_CONTENT_VERSION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CLICK_TO_CALL_MESSAGE_NOTIFY_CONTENT_VERSION_VALUES!r}"
    )
