from typing import Literal

ClickToCallMessageRecordType1 = Literal["false", "true"]

CLICK_TO_CALL_MESSAGE_RECORD_TYPE_1_VALUES: set[ClickToCallMessageRecordType1] = {
    "false",
    "true",
}


def check_click_to_call_message_record_type_1(
    value: str,
) -> ClickToCallMessageRecordType1:
    if value in CLICK_TO_CALL_MESSAGE_RECORD_TYPE_1_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CLICK_TO_CALL_MESSAGE_RECORD_TYPE_1_VALUES!r}"
    )
