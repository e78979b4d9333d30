# Generated from openapi.yaml by tools/generate.py. Do not edit.

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType, field

ScenarioParametersAdditionalProperty: TypeAlias = Annotated[
    str,
    Meta(
        description="A text without characters that XML cannot carry.",
        pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
    ),
]


class SendingSpeed(Struct, kw_only=True):
    """
    A pace, as a number of calls for each unit of time. Ten an hour is one every six minutes.
    """

    speed: Annotated[
        int,
        Meta(
            description="How many calls to start in one `timeUnit`.",
            examples=[10],
            ge=1,
        ),
    ]
    time_unit: Annotated[
        Literal["second", "minute", "hour", "day"],
        Meta(description="The unit of time.", examples=["hour"]),
    ] = field(name="timeUnit")


class CallRetry(Struct, kw_only=True):
    """
    When the platform dials again after an attempt that failed. (Not the repeating of a lost
    *request*.)

    If the two periods are equal, every wait is that long. Otherwise the waits climb through 1,
    2, 5, 10, 20 and 30 minutes, then 1, 2, 4, 8, 16 and 24 hours. They begin with the first that
    is at least `minPeriod`, go on while they are below `maxPeriod`, and then stay at
    `maxPeriod`. Redialling ends at success, at the end of the validity or after `maxCount`
    redials.

    Edition `2026` asks for all three members, and rounds the periods up to the next of those
    waits; 1440 minutes is the most.

    """

    min_period: (
        Annotated[
            int,
            Meta(
                description="The shortest wait after a failed attempt, in minutes. Absent means `1`.",
                examples=[1],
                ge=1,
            ),
        ]
        | UnsetType
    ) = field(name="minPeriod", default=UNSET)
    max_period: (
        Annotated[
            int,
            Meta(
                description="The longest wait after a failed attempt, in minutes. Absent means `1440`.",
                examples=[5],
                ge=1,
            ),
        ]
        | UnsetType
    ) = field(name="maxPeriod", default=UNSET)
    max_count: (
        Annotated[
            int,
            Meta(
                description="How often to dial again at most. Absent means `4`. More than 4 counts as 4 and is not refused; the documentation's own example sends 5.",
                examples=[5],
                ge=1,
            ),
        ]
        | UnsetType
    ) = field(name="maxCount", default=UNSET)


class TimeOfDay(Struct, kw_only=True):
    """
    A time of day, in UTC.
    """

    hour: Annotated[int, Meta(description="The hour.", examples=[6], ge=0, le=23)]
    minute: Annotated[
        int, Meta(description="The minute of the hour.", examples=[0], ge=0, le=59)
    ]


class Voice(Struct, kw_only=True):
    """
    A voice. With `name` that voice, whatever `gender` says; with `gender` alone the language's
    first voice of it.

    """

    gender: (
        Annotated[
            Literal["female", "male"],
            Meta(description="The gender of the voice.", examples=["female"]),
        ]
        | UnsetType
    ) = UNSET
    name: (
        Annotated[
            str,
            Meta(
                description="The name of a voice of the platform.",
                examples=["Joanna"],
                min_length=1,
                pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
            ),
        ]
        | UnsetType
    ) = UNSET


class LaunchStatus(Struct, kw_only=True):
    """
    A status at launch. The codes are an open set: known are 26 `PENDING_ACCEPTED`, and in group 5 among others 12 `REJECTED_NOT_ENOUGH_CREDITS`, 14 `REJECTED_DESTINATION_BLOCKLISTED`, 23 `REJECTED_DUPLICATE_MESSAGE_ID`, 52 `REJECTED_DESTINATION` and 54 `REJECTED_UNSUPPORTED_LANGUAGE`.
    """

    group_id: Annotated[
        int,
        Meta(
            description="The group's number. Known are 1 `PENDING` and 5 `REJECTED`.",
            examples=[1],
        ),
    ] = field(name="groupId")
    group_name: Annotated[
        str, Meta(description="The group's name.", examples=["PENDING"])
    ] = field(name="groupName")
    id: Annotated[int, Meta(description="The status's number.", examples=[26])]
    name: Annotated[
        str, Meta(description="The status's name.", examples=["PENDING_ACCEPTED"])
    ]
    description: Annotated[
        str,
        Meta(
            description="The status in words.",
            examples=["Message accepted, pending for delivery."],
        ),
    ]


class IvrResult(Struct, kw_only=True):
    """
    What a scenario collected. Each of the last four members is a text that holds a JSON object, by the variables of the scenario. Any member may be missing or null.
    """

    scenario_id: (
        Annotated[str, Meta(description="The key of the scenario.", examples=["333"])]
        | None
        | UnsetType
    ) = field(name="scenarioId", default=UNSET)
    scenario_name: (
        Annotated[
            str,
            Meta(description="The name of the scenario.", examples=["Scenario name"]),
        ]
        | None
        | UnsetType
    ) = field(name="scenarioName", default=UNSET)
    collected_dtmfs: (
        Annotated[
            str,
            Meta(
                description="What was pressed.",
                examples=['{"myFirstVar":"3","mySecondVar":"9"}'],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="collectedDtmfs", default=UNSET)
    collected_mapped_dtmfs: (
        Annotated[
            str,
            Meta(
                description="What was pressed, in the words that the scenario maps it to.",
                examples=['{"myFirstVar":"yes"}'],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="collectedMappedDtmfs", default=UNSET)
    spoken_input: (
        Annotated[
            str, Meta(description="What was said.", examples=['{"myVar":"yes please"}'])
        ]
        | None
        | UnsetType
    ) = field(name="spokenInput", default=UNSET)
    matched_spoken_input: (
        Annotated[
            str,
            Meta(
                description="Which of the expected phrases was said.",
                examples=['{"myVar":"yes"}'],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="matchedSpokenInput", default=UNSET)


class Price(Struct, kw_only=True):
    """
    The price of a call.
    """

    price_per_second: (
        Annotated[
            Decimal,
            Meta(
                description="The price of one second, a decimal of any precision; it is not to pass through a binary float. In XML its element is called `pricePerMessage`, and in edition `2026` `pricePerSecond`.",
                examples=[0.01],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="pricePerSecond", default=UNSET)
    currency: (
        Annotated[
            str,
            Meta(
                description="The currency. Mostly three letters of ISO 4217; `UNKNOWN` has been seen.",
                examples=["EUR"],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET


class ReportStatus(Struct, kw_only=True):
    """
    How a message ended. The codes are an open set: known are 5 `DELIVERED_TO_HANDSET`, 9 `UNDELIVERABLE_NOT_DELIVERED`, 15 `EXPIRED_EXPIRED`, 96 `NO_ANSWER`, 97 `BUSY`, 98 `CANCELLED` and many more, and one id has been seen with two names.
    """

    group_id: (
        Annotated[
            int,
            Meta(
                description="The group's number. Known are 1 to 5 for `PENDING`, `UNDELIVERABLE`, `DELIVERED`, `EXPIRED`, `REJECTED`.",
                examples=[3],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="groupId", default=UNSET)
    group_name: (
        Annotated[str, Meta(description="The group's name.", examples=["DELIVERED"])]
        | None
        | UnsetType
    ) = field(name="groupName", default=UNSET)
    id: (
        Annotated[int, Meta(description="The status's number.", examples=[5])]
        | None
        | UnsetType
    ) = UNSET
    name: (
        Annotated[
            str,
            Meta(description="The status's name.", examples=["DELIVERED_TO_HANDSET"]),
        ]
        | None
        | UnsetType
    ) = UNSET
    description: (
        Annotated[
            str,
            Meta(
                description="The status in words.",
                examples=["Message delivered to handset"],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET


class ReportError(Struct, kw_only=True):
    """
    What happened to a call. The codes are an open set: known are 5000 `VOICE_ANSWERED`, 5001 `VOICE_ANSWERED_MACHINE`, 5002 `EC_VOICE_USER_BUSY`, 5003 `EC_VOICE_NO_ANSWER`, 5480 `EC_VOICE_ERROR_TEMPORARILY_NOT_AVAILABLE`, 5603 `EC_DECLINE` and many more; since 2024 the platform has numbered them from 10000.
    """

    group_id: (
        Annotated[
            int,
            Meta(
                description="The group's number. Known are 0 to 3 for `OK`, `HANDSET_ERRORS`, `USER_ERRORS`, `OPERATOR_ERRORS`.",
                examples=[0],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="groupId", default=UNSET)
    group_name: (
        Annotated[str, Meta(description="The group's name.", examples=["OK"])]
        | None
        | UnsetType
    ) = field(name="groupName", default=UNSET)
    id: (
        Annotated[int, Meta(description="The error's number.", examples=[5000])]
        | None
        | UnsetType
    ) = UNSET
    name: (
        Annotated[
            str, Meta(description="The error's name.", examples=["VOICE_ANSWERED"])
        ]
        | None
        | UnsetType
    ) = UNSET
    description: (
        Annotated[
            str,
            Meta(
                description="The error in words.", examples=["Call answered by human"]
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    permanent: (
        Annotated[
            bool,
            Meta(
                description="Whether the error is permanent. `true` beside group 0 is usual.",
                examples=[True],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET


ReportTime: TypeAlias = (
    Annotated[
        str,
        Meta(
            description="A time with milliseconds and an offset *without* a colon, `yyyy-MM-dd'T'HH:mm:ss.SSSZ`. This is not RFC 3339.",
            examples=["2015-02-12T09:58:20.323+0100"],
            pattern="^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}[+\\-]([01][0-9]|2[0-3])[0-5][0-9]$",
        ),
    ]
    | None
)


class IvrDestination(Struct, kw_only=True):
    """
    One telephone to call.
    """

    to: Annotated[
        str,
        Meta(
            description="The telephone to call.",
            examples=["41793026727"],
            pattern="^[1-9][0-9]{4,14}$",
        ),
    ]
    message_id: (
        Annotated[
            str,
            Meta(
                description="Names this call; echoed in the answer and in the report. Made by the server when absent. If the account has used the id already, or if it comes twice in a request, only the later destination is rejected.",
                examples=["MESSAGE-ID-123-xyz"],
                max_length=100,
                min_length=1,
                pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
            ),
        ]
        | UnsetType
    ) = field(name="messageId", default=UNSET)


class DeliveryTimeWindow(Struct, kw_only=True):
    """
    The hours of the week in which a call may ring, in UTC. `from` is part of them, `to` is not;
    both are given or neither, and without them the days are whole. A `to` that is earlier than
    `from` is on the next day, and the night belongs to the day on which it begins. The two may
    not be equal.

    """

    days: Annotated[
        list[
            Literal[
                "MONDAY",
                "TUESDAY",
                "WEDNESDAY",
                "THURSDAY",
                "FRIDAY",
                "SATURDAY",
                "SUNDAY",
            ]
        ],
        Meta(
            description="The days of the week. In XML each item repeats the name of the list.",
            examples=[["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]],
            max_length=7,
            min_length=1,
        ),
    ]
    from_: (
        Annotated[
            TimeOfDay,
            Meta(
                description="When the window opens.",
                examples=[{"hour": 6, "minute": 0}],
            ),
        ]
        | UnsetType
    ) = field(name="from", default=UNSET)
    to: (
        Annotated[
            TimeOfDay,
            Meta(
                description="When the window closes.",
                examples=[{"hour": 15, "minute": 30}],
            ),
        ]
        | UnsetType
    ) = UNSET


class VoiceResponseDetails(Struct, kw_only=True):
    """
    What became of one call at launch.
    """

    to: Annotated[
        str,
        Meta(
            description="The telephone that is called; for a click to call that of A.",
            examples=["41793026727"],
        ),
    ]
    status: Annotated[
        LaunchStatus,
        Meta(
            description="Accepted (group 1) or rejected (group 5).",
            examples=[
                {
                    "groupId": 1,
                    "groupName": "PENDING",
                    "id": 26,
                    "name": "PENDING_ACCEPTED",
                    "description": "Message accepted, pending for delivery.",
                }
            ],
        ),
    ]
    message_id: Annotated[
        str,
        Meta(
            description="The name of this call, as supplied or as made.",
            examples=["MESSAGE-ID-123-xyz"],
        ),
    ] = field(name="messageId")


class VoiceReport(Struct, kw_only=True):
    """
    How one message ended. Any member may be missing or null.
    """

    bulk_id: (
        Annotated[
            str,
            Meta(
                description="The name of the request that launched the call.",
                examples=["8c20f086-d82b-48cc-b2b3-3ca5f7aca9fb"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="bulkId", default=UNSET)
    message_id: (
        Annotated[
            str,
            Meta(
                description="The name of the call.",
                examples=["ff4804ef-6ab6-4abd-984d-ab3b1387e852"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="messageId", default=UNSET)
    to: (
        Annotated[
            str,
            Meta(
                description="The telephone that was called; for a click to call that of A.",
                examples=["385981178"],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    sent_at: (
        Annotated[
            str,
            Meta(
                description="When the call was started. If it was dialled more than once, no source says whether this is the first time or the last.",
                examples=["2015-02-12T09:58:20.323+0100"],
                pattern="^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}[+\\-]([01][0-9]|2[0-3])[0-5][0-9]$",
            ),
        ]
        | None
        | UnsetType
    ) = field(name="sentAt", default=UNSET)
    done_at: (
        Annotated[
            str,
            Meta(
                description="When the platform was done with the message. Not a measure of how long the call lasted.",
                examples=["2015-02-12T09:58:20.337+0100"],
                pattern="^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}[+\\-]([01][0-9]|2[0-3])[0-5][0-9]$",
            ),
        ]
        | None
        | UnsetType
    ) = field(name="doneAt", default=UNSET)
    duration: (
        Annotated[
            int,
            Meta(
                description="How long the call lasted, in seconds; for a click to call counted from the transfer.",
                examples=[10],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    mcc_mnc: (
        Annotated[
            str,
            Meta(
                description="The country and network codes of the called telephone.",
                examples=["21901"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="mccMnc", default=UNSET)
    dtmf_codes: (
        Annotated[
            str, Meta(description="What the called person pressed.", examples=["1"])
        ]
        | None
        | UnsetType
    ) = field(name="dtmfCodes", default=UNSET)
    recorded_audio_file_url: (
        Annotated[
            str,
            Meta(
                description="Where the recording is to be had, when the call was recorded. Relative on some servers.",
                examples=[
                    "https://api.infobip.com/tts/3/files/ff4804ef-6ab6-4abd-984d-ab3b1387e852/385981178"
                ],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="recordedAudioFileUrl", default=UNSET)
    price: (
        Annotated[
            Price,
            Meta(
                description="What the call costs.",
                examples=[{"pricePerSecond": 0.01, "currency": "EUR"}],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    status: (
        Annotated[
            ReportStatus,
            Meta(
                description="How the message ended.",
                examples=[
                    {
                        "groupId": 3,
                        "groupName": "DELIVERED",
                        "id": 5,
                        "name": "DELIVERED_TO_HANDSET",
                        "description": "Message delivered to handset",
                    }
                ],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    error: (
        Annotated[
            ReportError,
            Meta(
                description="What happened to the call. An answered call has one too, in group 0.",
                examples=[
                    {
                        "groupId": 0,
                        "groupName": "OK",
                        "id": 5000,
                        "name": "VOICE_ANSWERED",
                        "description": "Call answered by human",
                        "permanent": True,
                    }
                ],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    callback_data: (
        Annotated[
            str,
            Meta(
                description="The `callbackData` of the message.",
                examples=["DLR callback data"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="callbackData", default=UNSET)
    start_time: (
        Annotated[
            ReportTime | int,
            Meta(
                description="When the telephone began to ring.",
                examples=[1587521910000],
            ),
        ]
        | UnsetType
    ) = field(name="startTime", default=UNSET)
    answer_time: (
        Annotated[
            ReportTime | int,
            Meta(description="When the call was answered.", examples=[1587521917000]),
        ]
        | UnsetType
    ) = field(name="answerTime", default=UNSET)
    end_time: (
        Annotated[
            ReportTime | int,
            Meta(description="When the call ended.", examples=[1587521932224]),
        ]
        | UnsetType
    ) = field(name="endTime", default=UNSET)
    dtmf_codes_as_json: (
        Annotated[
            str,
            Meta(
                description="What was pressed, as a text that holds a JSON object, by the variables of the scenario.",
                examples=['{"myFirstVar":"3","mySecondVar":"9"}'],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="dtmfCodesAsJson", default=UNSET)
    transcribed_audio_file_url: (
        Annotated[
            str,
            Meta(
                description="Where the transcription is to be had. Relative on some servers.",
                examples=[
                    "/tts/3/transcriptions/ff4804ef-6ab6-4abd-984d-ab3b1387e852/385981178"
                ],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="transcribedAudioFileUrl", default=UNSET)
    file_duration: (
        Annotated[
            float,
            Meta(
                description="How long the audio file of the message is, in seconds.",
                examples=[19.3],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="fileDuration", default=UNSET)
    scenario_id: (
        Annotated[
            str,
            Meta(
                description="The key of the scenario that was played. Outbound IVR only.",
                examples=["333"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="scenarioId", default=UNSET)
    scenario_name: (
        Annotated[
            str,
            Meta(description="The name of that scenario.", examples=["Scenario name"]),
        ]
        | None
        | UnsetType
    ) = field(name="scenarioName", default=UNSET)


class VoiceCall(Struct, kw_only=True):
    """
    What happened on the line. Any member may be missing or null.
    """

    feature: (
        Annotated[
            str,
            Meta(
                description="Which of the vendor's voice products made the call. An open set of words.",
                examples=["Voice-message"],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    start_time: (
        Annotated[
            ReportTime | int,
            Meta(
                description="When the telephone began to ring.",
                examples=["2018-06-25T13:38:15.000+0000"],
            ),
        ]
        | UnsetType
    ) = field(name="startTime", default=UNSET)
    answer_time: (
        Annotated[
            ReportTime | int,
            Meta(
                description="When the call was answered.",
                examples=["2018-06-25T13:38:25.000+0000"],
            ),
        ]
        | UnsetType
    ) = field(name="answerTime", default=UNSET)
    end_time: (
        Annotated[
            ReportTime | int,
            Meta(
                description="When the call ended.",
                examples=["2018-06-25T13:38:28.316+0000"],
            ),
        ]
        | UnsetType
    ) = field(name="endTime", default=UNSET)
    duration: (
        Annotated[
            int,
            Meta(
                description="How long the call lasted, in seconds; for a click to call counted from the transfer.",
                examples=[10],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    charged_duration: (
        Annotated[int, Meta(description="How many seconds are charged.", examples=[30])]
        | None
        | UnsetType
    ) = field(name="chargedDuration", default=UNSET)
    file_duration: (
        Annotated[
            float,
            Meta(
                description="How long the audio file of the message is, in seconds.",
                examples=[19.3],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="fileDuration", default=UNSET)
    direction: (
        Annotated[
            str,
            Meta(
                description="Known are `OUTBOUND` and `INBOUND`.", examples=["OUTBOUND"]
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    dtmf_codes: (
        Annotated[
            str, Meta(description="What the called person pressed.", examples=["3, 9"])
        ]
        | None
        | UnsetType
    ) = field(name="dtmfCodes", default=UNSET)
    answered_by: (
        Annotated[
            str,
            Meta(description="Known are `HUMAN` and `MACHINE`.", examples=["HUMAN"]),
        ]
        | None
        | UnsetType
    ) = field(name="answeredBy", default=UNSET)
    call_recording_file_id: (
        Annotated[
            str,
            Meta(
                description="The name of the recording, when the call was recorded.",
                examples=["b72cde3c-7d9c-4a5c-8e48-5a947244c013"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="callRecordingFileId", default=UNSET)
    ivr: (
        Annotated[
            IvrResult,
            Meta(
                description="What the scenario of an outbound IVR collected.",
                examples=[{"scenarioId": "333", "scenarioName": "Scenario name"}],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET


class ServiceException(Struct, kw_only=True):
    """
    The reason of a refusal.
    """

    message_id: Annotated[
        str,
        Meta(
            description="A name for the kind of refusal. Known are `BAD_REQUEST`, `UNAUTHORIZED`, `FORBIDDEN`, `NOT_FOUND`, `METHOD_NOT_ALLOWED`, `NOT_ACCEPTABLE`, `PAYLOAD_TOO_LARGE`, `UNSUPPORTED_MEDIA_TYPE`, `TOO_MANY_REQUESTS` and `GENERAL_ERROR`.",
            examples=["UNAUTHORIZED"],
        ),
    ] = field(name="messageId")
    text: Annotated[
        str,
        Meta(description="The reason in words.", examples=["Invalid login details"]),
    ]
    validation_errors: (
        Annotated[
            dict[str, list[str]],
            Meta(
                description="Every violation, by its path in the request.",
                examples=[
                    {
                        "messages[0].destinations[1].to": [
                            "must be 5 to 15 digits and nothing else, without a leading zero"
                        ]
                    }
                ],
            ),
        ]
        | UnsetType
    ) = field(name="validationErrors", default=UNSET)


class IvrMessage(Struct, kw_only=True):
    """
    One scenario for one or more destinations.
    """

    scenario_id: Annotated[
        str,
        Meta(
            description="The key of the scenario to play.",
            examples=["6298AA7707903A4ED680B436929681AD"],
            min_length=1,
            pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
        ),
    ] = field(name="scenarioId")
    destinations: Annotated[
        list[IvrDestination],
        Meta(
            description="The telephones to call, at most 20,000. In XML each item repeats the name of the list.",
            examples=[[{"to": "41793026727"}, {"to": "41793026731"}]],
            max_length=20000,
            min_length=1,
        ),
    ]
    from_: (
        Annotated[
            str,
            Meta(
                description="The number that the called person sees, 3 to 14 digits. Not the 15 of a full E.164 number.",
                examples=["41793026700"],
                pattern="^[0-9]{3,14}$",
            ),
        ]
        | UnsetType
    ) = field(name="from", default=UNSET)
    parameters: (
        Annotated[
            dict[str, ScenarioParametersAdditionalProperty],
            Meta(
                description="Values for the scenario. In XML one element for each key.",
                examples=[{"foo": "bar"}],
            ),
        ]
        | UnsetType
    ) = UNSET
    notify_url: (
        Annotated[
            str,
            Meta(
                description="Where to push the delivery report, which then does not wait to be fetched. Empty means absent.",
                examples=["http://www.example.com/voice/advanced"],
                pattern="^([Hh][Tt][Tt][Pp][Ss]?://([!-.0->A-Z\\[-~]*@)?([A-Za-z0-9._~%\\-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?([\\x2F?#][!-~]*)?)?$",
            ),
        ]
        | UnsetType
    ) = field(name="notifyUrl", default=UNSET)
    notify_content_type: (
        Annotated[
            Literal["application/json", "application/xml"],
            Meta(
                description="The form of the pushed report. Absent means `application/json`.",
                examples=["application/json"],
            ),
        ]
        | UnsetType
    ) = field(name="notifyContentType", default=UNSET)
    callback_data: (
        Annotated[
            str,
            Meta(
                description="Your own data, at most 200 characters, echoed in the report, fetched or pushed.",
                examples=["DLR callback data"],
                max_length=200,
                pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
            ),
        ]
        | UnsetType
    ) = field(name="callbackData", default=UNSET)
    validity_period: (
        Annotated[
            int,
            Meta(
                description="For how many minutes a call may still be started, counted from acceptance or from `sendAt`, whichever is later. Absent means `2880`. More than 2880 (48 hours) counts as 2880 and is not refused. An attempt that is due just at its end is not made, and the call is reported as expired. Ignored when `sendingSpeed` is present.",
                examples=[720],
                ge=1,
            ),
        ]
        | UnsetType
    ) = field(name="validityPeriod", default=UNSET)
    send_at: (
        Annotated[
            str,
            Meta(
                description="When to start calling. A time that has passed means now.",
                examples=["2016-07-07T17:00:00.000+01:00"],
                pattern="^([12][0-9]{3}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([12][0-9](0[48]|[2468][048]|[13579][26])|(1[26]|2[048])00)-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+\\-](0[0-9]|1[0-4]):?[0-5][0-9])$",
            ),
        ]
        | UnsetType
    ) = field(name="sendAt", default=UNSET)
    record: (
        Annotated[
            bool,
            Meta(
                description="Record the call; the report then carries `recordedAudioFileUrl`.",
                examples=[False],
            ),
        ]
        | UnsetType
    ) = UNSET
    retry: (
        Annotated[
            CallRetry,
            Meta(
                description="When to redial after an attempt that failed, such as a busy line. Without it there is one\nattempt.\n",
                examples=[{"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}],
            ),
        ]
        | UnsetType
    ) = UNSET
    sending_speed: (
        Annotated[
            SendingSpeed,
            Meta(
                description="How fast to work through the accepted destinations of this message. The first is called at once, or at `sendAt`. Redials are not paced.",
                examples=[{"speed": 10, "timeUnit": "hour"}],
            ),
        ]
        | UnsetType
    ) = field(name="sendingSpeed", default=UNSET)
    notify_content_version: (
        Annotated[
            Literal[1, 2],
            Meta(
                description="The form of the pushed report: 2 is nested, 1 is flat and deprecated. Absent means the edition's form, `1` in `seeds` and `2` in `2026`.",
                examples=[2],
            ),
        ]
        | UnsetType
    ) = field(name="notifyContentVersion", default=UNSET)
    ring_timeout: (
        Annotated[
            int,
            Meta(
                description="How long to let it ring, in seconds, before the attempt counts as not answered. Absent means `45` in edition `2026`; the documentation pages know no such member.",
                examples=[45],
                ge=1,
            ),
        ]
        | UnsetType
    ) = field(name="ringTimeout", default=UNSET)
    call_timeout: (
        Annotated[
            int,
            Meta(
                description="The longest a call may last, in seconds from the answer. It is then ended. Absent means no limit.",
                examples=[130],
                ge=1,
            ),
        ]
        | UnsetType
    ) = field(name="callTimeout", default=UNSET)
    pause: (
        Annotated[
            int,
            Meta(
                description="How long to wait between the answer and the first sound, in seconds, at most 10. Absent means `0`.",
                examples=[2],
                ge=0,
                le=10,
            ),
        ]
        | UnsetType
    ) = UNSET
    delivery_time_window: (
        Annotated[
            DeliveryTimeWindow,
            Meta(
                description="When a call may ring. A first attempt or a redial that falls outside waits for the next opening; the validity goes on. Absent means at any time.",
                examples=[
                    {
                        "days": [
                            "MONDAY",
                            "TUESDAY",
                            "WEDNESDAY",
                            "THURSDAY",
                            "FRIDAY",
                        ],
                        "from": {"hour": 6, "minute": 0},
                        "to": {"hour": 15, "minute": 30},
                    }
                ],
            ),
        ]
        | UnsetType
    ) = field(name="deliveryTimeWindow", default=UNSET)


class ClickToCallMessage(Struct, kw_only=True):
    """
    One call that connects A with B.
    """

    from_: Annotated[
        str,
        Meta(
            description="The number that A sees.",
            examples=["41793026700"],
            pattern="^[0-9]{3,15}$",
        ),
    ] = field(name="from")
    destination_a: Annotated[
        str,
        Meta(
            description="The telephone that is called first.",
            examples=["41793026727"],
            pattern="^[1-9][0-9]{4,14}$",
        ),
    ] = field(name="destinationA")
    destination_b: Annotated[
        str,
        Meta(
            description="The telephone that A is connected with.",
            examples=["41793026731"],
            pattern="^[1-9][0-9]{4,14}$",
        ),
    ] = field(name="destinationB")
    message_id: (
        Annotated[
            str,
            Meta(
                description="Names this call; echoed in the answer and in the report. Made by the server when absent. If the account has used the id already, or if it comes twice in a request, only the later message is rejected.",
                examples=["MESSAGE-ID-123-xyz"],
                max_length=100,
                min_length=1,
                pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
            ),
        ]
        | UnsetType
    ) = field(name="messageId", default=UNSET)
    from_b: (
        Annotated[
            str,
            Meta(
                description="The number that B sees. When set, `anonymization` has no effect.",
                examples=["41793026701"],
                pattern="^[0-9]{3,15}$",
            ),
        ]
        | UnsetType
    ) = field(name="fromB", default=UNSET)
    text: (
        Annotated[
            str,
            Meta(
                description="A text that is spoken to A before the transfer; it may be SSML. With neither `text` nor `audioFileUrl` nothing is played.",
                examples=["Test Voice message."],
                pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
            ),
        ]
        | UnsetType
    ) = UNSET
    language: (
        Annotated[
            str,
            Meta(
                description="The language of `text`. It must be defined for a text, says the documentation of click to call; the vendor's present document has a default. Absent means `en`. If the platform does not speak it, only this message is rejected.",
                examples=["en"],
                min_length=1,
                pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
            ),
        ]
        | UnsetType
    ) = UNSET
    audio_file_url: (
        Annotated[
            str,
            Meta(
                description="An audio file to play to A before the transfer, online, below 4 MB: WAV or MP3; the vendor's present document adds AAC, AIFF, M4A, MP2, MP4, OGG and WMA.",
                examples=["https://www.example.com/audio/hello.mp3"],
                pattern="^[Hh][Tt][Tt][Pp][Ss]?://([!-.0->A-Z\\[-~]*@)?([A-Za-z0-9._~%\\-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?([\\x2F?#][!-~]*)?$",
            ),
        ]
        | UnsetType
    ) = field(name="audioFileUrl", default=UNSET)
    record: (
        Annotated[
            bool | Literal["true", "false"],
            Meta(
                description="Record the call; the report then carries `recordedAudioFileUrl`. Documented as one of the strings `true` and `false`; a boolean means the same.",
                examples=["true"],
            ),
        ]
        | UnsetType
    ) = UNSET
    anonymization: (
        Annotated[
            bool,
            Meta(
                description="Show `from` to B too, instead of the number of A. Absent means `false`. No effect when `fromB` is set.",
                examples=[False],
            ),
        ]
        | UnsetType
    ) = UNSET
    notify_url: (
        Annotated[
            str,
            Meta(
                description="Where to push the delivery report, which then does not wait to be fetched. Empty means absent.",
                examples=["https://www.example.com/voice/clicktocall"],
                pattern="^([Hh][Tt][Tt][Pp][Ss]?://([!-.0->A-Z\\[-~]*@)?([A-Za-z0-9._~%\\-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?([\\x2F?#][!-~]*)?)?$",
            ),
        ]
        | UnsetType
    ) = field(name="notifyUrl", default=UNSET)
    notify_content_type: (
        Annotated[
            Literal["application/json", "application/xml"],
            Meta(
                description="The form of the pushed report. Absent means `application/json`.",
                examples=["application/json"],
            ),
        ]
        | UnsetType
    ) = field(name="notifyContentType", default=UNSET)
    max_duration: (
        Annotated[
            int,
            Meta(
                description="The longest the transferred call may last, in seconds from the transfer. It is then ended.",
                examples=[60],
                ge=1,
            ),
        ]
        | UnsetType
    ) = field(name="maxDuration", default=UNSET)
    warning_time: (
        Annotated[
            int,
            Meta(
                description="How many seconds before `maxDuration` a beep is played: with 60 and 5, at second 55. There is no beep without `maxDuration`, or if `warningTime` is not below it.",
                examples=[5],
                ge=1,
            ),
        ]
        | UnsetType
    ) = field(name="warningTime", default=UNSET)
    retry: (
        Annotated[
            CallRetry,
            Meta(
                description="When to dial again after an attempt that failed. Without it there is one attempt. Redialling ends 2880 minutes after acceptance at the latest.",
                examples=[{"minPeriod": 1, "maxPeriod": 5, "maxCount": 5}],
            ),
        ]
        | UnsetType
    ) = UNSET
    notify_content_version: (
        Annotated[
            Literal[1, 2],
            Meta(
                description="The form of the pushed report: 2 is nested, 1 is flat and deprecated. Absent means the edition's form, `1` in `seeds` and `2` in `2026`.",
                examples=[2],
            ),
        ]
        | UnsetType
    ) = field(name="notifyContentVersion", default=UNSET)
    delivery_time_window: (
        Annotated[
            DeliveryTimeWindow,
            Meta(
                description="When a call may ring. A first attempt or a redial that falls outside waits for the next opening; the validity goes on. Absent means at any time.",
                examples=[
                    {
                        "days": [
                            "MONDAY",
                            "TUESDAY",
                            "WEDNESDAY",
                            "THURSDAY",
                            "FRIDAY",
                        ],
                        "from": {"hour": 6, "minute": 0},
                        "to": {"hour": 15, "minute": 30},
                    }
                ],
            ),
        ]
        | UnsetType
    ) = field(name="deliveryTimeWindow", default=UNSET)
    voice: (
        Annotated[
            Voice,
            Meta(
                description="The voice that speaks `text`. Absent means the default voice of the language.",
                examples=[{"gender": "female", "name": "Joanna"}],
            ),
        ]
        | UnsetType
    ) = UNSET
    machine_detection: (
        Annotated[
            Literal["hangup"],
            Meta(
                description="What to do when a machine answers A. With `hangup` the call is ended after at least 4 seconds of detection: nothing is played and B is not dialled. Absent means no detection.",
                examples=["hangup"],
            ),
        ]
        | UnsetType
    ) = field(name="machineDetection", default=UNSET)


class VoiceResponse(Struct, kw_only=True):
    """
    What became of a launch. A client has to keep members that are not listed here.
    """

    messages: Annotated[
        list[VoiceResponseDetails],
        Meta(
            description="One entry for each destination (IVR) or message (click to call), in the order of the request.",
            examples=[
                [
                    {
                        "to": "41793026727",
                        "status": {
                            "groupId": 1,
                            "groupName": "PENDING",
                            "id": 26,
                            "name": "PENDING_ACCEPTED",
                            "description": "Message accepted, pending for delivery.",
                        },
                        "messageId": "MESSAGE-ID-123-xyz",
                    }
                ]
            ],
        ),
    ]
    bulk_id: (
        Annotated[
            str,
            Meta(
                description="The name of the request, as supplied, or made by the server for more than one entry.",
                examples=["BULK-ID-123-xyz"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="bulkId", default=UNSET)


class VoiceReportResponse(Struct, kw_only=True):
    """
    Delivery reports, as fetched or as pushed. A client has to keep members that are not listed here.
    """

    results: Annotated[
        list[VoiceReport],
        Meta(
            description="The reports, one for each message. Empty when there are none. In XML each is called `result`, and in edition `2026` `results`.",
            examples=[
                [
                    {
                        "messageId": "ff4804ef-6ab6-4abd-984d-ab3b1387e852",
                        "to": "385981178",
                    }
                ]
            ],
        ),
    ]


class NestedReport(Struct, kw_only=True):
    """
    How one message ended, with the call as an object of its own. Any member may be missing or null. There is no `doneAt` and no `recordedAudioFileUrl`.
    """

    bulk_id: (
        Annotated[
            str,
            Meta(
                description="The name of the request that launched the call.",
                examples=["8c20f086-d82b-48cc-b2b3-3ca5f7aca9fb"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="bulkId", default=UNSET)
    message_id: (
        Annotated[
            str,
            Meta(
                description="The name of the call.",
                examples=["ff4804ef-6ab6-4abd-984d-ab3b1387e852"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="messageId", default=UNSET)
    from_: (
        Annotated[
            str,
            Meta(
                description="The number that the called person saw.",
                examples=["385333444"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="from", default=UNSET)
    to: (
        Annotated[
            str,
            Meta(
                description="The telephone that was called; for a click to call that of A.",
                examples=["385981178"],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    sent_at: (
        Annotated[
            str,
            Meta(
                description="When the call was started. If it was dialled more than once, no source says whether this is the first time or the last.",
                examples=["2018-06-25T13:38:14.730+0000"],
                pattern="^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}[+\\-]([01][0-9]|2[0-3])[0-5][0-9]$",
            ),
        ]
        | None
        | UnsetType
    ) = field(name="sentAt", default=UNSET)
    mcc_mnc: (
        Annotated[
            str,
            Meta(
                description="The country and network codes of the called telephone.",
                examples=["21901"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="mccMnc", default=UNSET)
    callback_data: (
        Annotated[
            str,
            Meta(
                description="The `callbackData` of the message.",
                examples=["DLR callback data"],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="callbackData", default=UNSET)
    voice_call: (
        Annotated[
            VoiceCall,
            Meta(
                description="The call itself.",
                examples=[{"feature": "Voice-message", "duration": 10}],
            ),
        ]
        | None
        | UnsetType
    ) = field(name="voiceCall", default=UNSET)
    price: (
        Annotated[
            Price,
            Meta(
                description="What the call costs.",
                examples=[{"pricePerSecond": 0.01, "currency": "EUR"}],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    status: (
        Annotated[
            ReportStatus,
            Meta(
                description="How the message ended.",
                examples=[
                    {
                        "groupId": 3,
                        "groupName": "DELIVERED",
                        "id": 5,
                        "name": "DELIVERED_TO_HANDSET",
                        "description": "Message delivered to handset",
                    }
                ],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET
    error: (
        Annotated[
            ReportError,
            Meta(
                description="What happened to the call. An answered call has one too, in group 0.",
                examples=[
                    {
                        "groupId": 0,
                        "groupName": "OK",
                        "id": 10000,
                        "name": "NORMAL_HANGUP",
                        "description": "The call has ended normally",
                        "permanent": True,
                    }
                ],
            ),
        ]
        | None
        | UnsetType
    ) = UNSET


class RequestError(Struct, kw_only=True):
    """
    What was wrong with a request.
    """

    service_exception: Annotated[
        ServiceException,
        Meta(
            description="The reason.",
            examples=[{"messageId": "UNAUTHORIZED", "text": "Invalid login details"}],
        ),
    ] = field(name="serviceException")


class IvrLaunchRequest(Struct, kw_only=True):
    """
    A request to launch an outbound IVR.
    """

    messages: Annotated[
        list[IvrMessage],
        Meta(
            description="What to launch. In XML each item repeats the name of the list.",
            examples=[
                [
                    {
                        "scenarioId": "6298AA7707903A4ED680B436929681AD",
                        "destinations": [{"to": "41793026727"}],
                    }
                ]
            ],
            min_length=1,
        ),
    ]
    bulk_id: (
        Annotated[
            str,
            Meta(
                description="Names this request; echoed in the answer and in every report. When absent, the server makes one if the request has more than one destination, and leaves it out otherwise.",
                examples=["BULK-ID-123-xyz"],
                max_length=100,
                min_length=1,
                pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
            ),
        ]
        | UnsetType
    ) = field(name="bulkId", default=UNSET)


class ClickToCallLaunchRequest(Struct, kw_only=True):
    """
    A request to launch one or more clicks to call.
    """

    messages: Annotated[
        list[ClickToCallMessage],
        Meta(
            description="The calls to make. In XML each item repeats the name of the list.",
            examples=[
                [
                    {
                        "from": "41793026700",
                        "destinationA": "41793026727",
                        "destinationB": "41793026731",
                    }
                ]
            ],
            min_length=1,
        ),
    ]
    bulk_id: (
        Annotated[
            str,
            Meta(
                description="Names this request; echoed in the answer and in every report. When absent, the server makes one if the request has more than one message, and leaves it out otherwise. (The parameter table prints `bulkid`; the samples do not.)",
                examples=["BULK-ID-123-xyz"],
                max_length=100,
                min_length=1,
                pattern="^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]*$",
            ),
        ]
        | UnsetType
    ) = field(name="bulkId", default=UNSET)


class NestedReportResponse(Struct, kw_only=True):
    """
    Delivery reports with the call as an object of its own, as pushed (version 2) and as `/voice/1/reports` gives them. A client has to keep members that are not listed here.
    """

    results: Annotated[
        list[NestedReport],
        Meta(
            description="The reports, one for each message. In XML each is called `result`, and in edition `2026` `results`.",
            examples=[
                [
                    {
                        "messageId": "ff4804ef-6ab6-4abd-984d-ab3b1387e852",
                        "to": "385981178",
                    }
                ]
            ],
        ),
    ]


class ApiException(Struct, kw_only=True):
    """
    Why a request was refused. In XML the element `ApiException` may be missing around `requestError`.
    """

    request_error: Annotated[
        RequestError,
        Meta(
            description="What was wrong.",
            examples=[
                {
                    "serviceException": {
                        "messageId": "UNAUTHORIZED",
                        "text": "Invalid login details",
                    }
                }
            ],
        ),
    ] = field(name="requestError")
