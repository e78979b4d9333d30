from typing import Literal

IvrMessageNotifyContentVersion = Literal[1, 2]

IVR_MESSAGE_NOTIFY_CONTENT_VERSION_VALUES: set[IvrMessageNotifyContentVersion] = {
    1,
    2,
}


def check_ivr_message_notify_content_version(
    value: int,
) -> IvrMessageNotifyContentVersion:
    if value in IVR_MESSAGE_NOTIFY_CONTENT_VERSION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {IVR_MESSAGE_NOTIFY_CONTENT_VERSION_VALUES!r}"
    )
