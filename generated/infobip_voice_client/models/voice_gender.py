from typing import Literal

VoiceGender = Literal["female", "male"]

VOICE_GENDER_VALUES: set[VoiceGender] = {
    "female",
    "male",
}


def check_voice_gender(value: str) -> VoiceGender:
    if value in VOICE_GENDER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {VOICE_GENDER_VALUES!r}"
    )
