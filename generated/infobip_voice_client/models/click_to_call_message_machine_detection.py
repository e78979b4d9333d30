from typing import Literal

ClickToCallMessageMachineDetection = Literal["hangup"]

CLICK_TO_CALL_MESSAGE_MACHINE_DETECTION_VALUES: set[
    ClickToCallMessageMachineDetection
] = {
    "hangup",
}


def check_click_to_call_message_machine_detection(
    value: str,
) -> ClickToCallMessageMachineDetection:
    if value in CLICK_TO_CALL_MESSAGE_MACHINE_DETECTION_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CLICK_TO_CALL_MESSAGE_MACHINE_DETECTION_VALUES!r}"
    )
