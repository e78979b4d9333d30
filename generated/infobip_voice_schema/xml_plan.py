# Generated from openapi.yaml by tools/generate.py. Do not edit.
"""How each schema of the contract is written in XML.

`PLAN` maps the name of a schema to the name of its root element and its kind, which is one of

    "text", "integer", "number", "boolean"
    ("nullable", kind)                        as that kind; an empty element is null
    ("ref", schema)                           as that schema
    ("object", ((member, element, kind), …))  a child element for each member
    ("map", kind)                             a child element for each key, named by it
    ("list", element, kind)                   a child element for each item
    ("entries", element, attribute, child)    a child element for each key, which is an attribute; a list of texts in it
"""

from typing import Any, Final

PLAN: Final[dict[str, tuple[str, Any]]] = {
    "IvrLaunchRequest": (
        "request",
        (
            "object",
            (
                ("bulkId", "bulkId", ("ref", "Identifier")),
                ("messages", "messages", ("list", "messages", ("ref", "IvrMessage"))),
            ),
        ),
    ),
    "IvrMessage": (
        "IvrMessage",
        (
            "object",
            (
                ("scenarioId", "scenarioId", "text"),
                ("from", "from", "text"),
                (
                    "destinations",
                    "destinations",
                    ("list", "destinations", ("ref", "IvrDestination")),
                ),
                ("parameters", "parameters", ("ref", "ScenarioParameters")),
                ("notifyUrl", "notifyUrl", ("ref", "NotifyUrl")),
                (
                    "notifyContentType",
                    "notifyContentType",
                    ("ref", "NotifyContentType"),
                ),
                ("callbackData", "callbackData", "text"),
                ("validityPeriod", "validityPeriod", "integer"),
                ("sendAt", "sendAt", ("ref", "SendAt")),
                ("record", "record", "boolean"),
                ("retry", "retry", ("ref", "CallRetry")),
                ("sendingSpeed", "sendingSpeed", ("ref", "SendingSpeed")),
                ("notifyContentVersion", "notifyContentVersion", "integer"),
                ("ringTimeout", "ringTimeout", "integer"),
                ("callTimeout", "callTimeout", "integer"),
                ("pause", "pause", "integer"),
                (
                    "deliveryTimeWindow",
                    "deliveryTimeWindow",
                    ("ref", "DeliveryTimeWindow"),
                ),
            ),
        ),
    ),
    "IvrDestination": (
        "IvrDestination",
        (
            "object",
            (
                ("to", "to", ("ref", "PhoneNumber")),
                ("messageId", "messageId", ("ref", "Identifier")),
            ),
        ),
    ),
    "ScenarioParameters": ("ScenarioParameters", ("map", "text")),
    "SendingSpeed": (
        "SendingSpeed",
        ("object", (("speed", "speed", "integer"), ("timeUnit", "timeUnit", "text"))),
    ),
    "CallRetry": (
        "CallRetry",
        (
            "object",
            (
                ("minPeriod", "minPeriod", "integer"),
                ("maxPeriod", "maxPeriod", "integer"),
                ("maxCount", "maxCount", "integer"),
            ),
        ),
    ),
    "ClickToCallLaunchRequest": (
        "request",
        (
            "object",
            (
                ("bulkId", "bulkId", ("ref", "Identifier")),
                (
                    "messages",
                    "messages",
                    ("list", "messages", ("ref", "ClickToCallMessage")),
                ),
            ),
        ),
    ),
    "ClickToCallMessage": (
        "ClickToCallMessage",
        (
            "object",
            (
                ("messageId", "messageId", ("ref", "Identifier")),
                ("from", "from", "text"),
                ("fromB", "fromB", "text"),
                ("destinationA", "destinationA", ("ref", "PhoneNumber")),
                ("destinationB", "destinationB", ("ref", "PhoneNumber")),
                ("text", "text", "text"),
                ("language", "language", "text"),
                ("audioFileUrl", "audioFileUrl", "text"),
                ("record", "record", "boolean"),
                ("anonymization", "anonymization", "boolean"),
                ("notifyUrl", "notifyUrl", ("ref", "NotifyUrl")),
                (
                    "notifyContentType",
                    "notifyContentType",
                    ("ref", "NotifyContentType"),
                ),
                ("maxDuration", "maxDuration", "integer"),
                ("warningTime", "warningTime", "integer"),
                ("retry", "retry", ("ref", "CallRetry")),
                ("notifyContentVersion", "notifyContentVersion", "integer"),
                (
                    "deliveryTimeWindow",
                    "deliveryTimeWindow",
                    ("ref", "DeliveryTimeWindow"),
                ),
                ("voice", "voice", ("ref", "Voice")),
                ("machineDetection", "machineDetection", "text"),
            ),
        ),
    ),
    "DeliveryTimeWindow": (
        "DeliveryTimeWindow",
        (
            "object",
            (
                ("days", "days", ("list", "days", "text")),
                ("from", "from", ("ref", "TimeOfDay")),
                ("to", "to", ("ref", "TimeOfDay")),
            ),
        ),
    ),
    "TimeOfDay": (
        "TimeOfDay",
        ("object", (("hour", "hour", "integer"), ("minute", "minute", "integer"))),
    ),
    "Voice": (
        "Voice",
        ("object", (("gender", "gender", "text"), ("name", "name", "text"))),
    ),
    "VoiceResponse": (
        "voiceResponse",
        (
            "object",
            (
                ("bulkId", "bulkId", "text"),
                (
                    "messages",
                    "messages",
                    ("list", "message", ("ref", "VoiceResponseDetails")),
                ),
            ),
        ),
    ),
    "VoiceResponseDetails": (
        "message",
        (
            "object",
            (
                ("to", "to", "text"),
                ("status", "status", ("ref", "LaunchStatus")),
                ("messageId", "messageId", "text"),
            ),
        ),
    ),
    "LaunchStatus": (
        "LaunchStatus",
        (
            "object",
            (
                ("groupId", "groupId", "integer"),
                ("groupName", "groupName", "text"),
                ("id", "id", "integer"),
                ("name", "name", "text"),
                ("description", "description", "text"),
            ),
        ),
    ),
    "VoiceReportResponse": (
        "reportResponse",
        (
            "object",
            (("results", "results", ("list", "result", ("ref", "VoiceReport"))),),
        ),
    ),
    "VoiceReport": (
        "result",
        (
            "object",
            (
                ("bulkId", "bulkId", "text"),
                ("messageId", "messageId", "text"),
                ("to", "to", "text"),
                ("sentAt", "sentAt", ("ref", "ReportTime")),
                ("doneAt", "doneAt", ("ref", "ReportTime")),
                ("duration", "duration", "integer"),
                ("mccMnc", "mccMnc", "text"),
                ("dtmfCodes", "dtmfCodes", "text"),
                ("recordedAudioFileUrl", "recordedAudioFileUrl", "text"),
                ("price", "price", ("nullable", ("ref", "Price"))),
                ("status", "status", ("nullable", ("ref", "ReportStatus"))),
                ("error", "error", ("nullable", ("ref", "ReportError"))),
                ("callbackData", "callbackData", "text"),
                ("startTime", "startTime", ("ref", "ReportInstant")),
                ("answerTime", "answerTime", ("ref", "ReportInstant")),
                ("endTime", "endTime", ("ref", "ReportInstant")),
                ("dtmfCodesAsJson", "dtmfCodesAsJson", "text"),
                ("transcribedAudioFileUrl", "transcribedAudioFileUrl", "text"),
                ("fileDuration", "fileDuration", "number"),
                ("scenarioId", "scenarioId", "text"),
                ("scenarioName", "scenarioName", "text"),
            ),
        ),
    ),
    "NestedReportResponse": (
        "reportResponse",
        (
            "object",
            (("results", "results", ("list", "result", ("ref", "NestedReport"))),),
        ),
    ),
    "NestedReport": (
        "result",
        (
            "object",
            (
                ("bulkId", "bulkId", "text"),
                ("messageId", "messageId", "text"),
                ("from", "from", "text"),
                ("to", "to", "text"),
                ("sentAt", "sentAt", ("ref", "ReportTime")),
                ("mccMnc", "mccMnc", "text"),
                ("callbackData", "callbackData", "text"),
                ("voiceCall", "voiceCall", ("nullable", ("ref", "VoiceCall"))),
                ("price", "price", ("nullable", ("ref", "Price"))),
                ("status", "status", ("nullable", ("ref", "ReportStatus"))),
                ("error", "error", ("nullable", ("ref", "ReportError"))),
            ),
        ),
    ),
    "VoiceCall": (
        "VoiceCall",
        (
            "object",
            (
                ("feature", "feature", "text"),
                ("startTime", "startTime", ("ref", "ReportInstant")),
                ("answerTime", "answerTime", ("ref", "ReportInstant")),
                ("endTime", "endTime", ("ref", "ReportInstant")),
                ("duration", "duration", "integer"),
                ("chargedDuration", "chargedDuration", "integer"),
                ("fileDuration", "fileDuration", "number"),
                ("direction", "direction", "text"),
                ("dtmfCodes", "dtmfCodes", "text"),
                ("answeredBy", "answeredBy", "text"),
                ("callRecordingFileId", "callRecordingFileId", "text"),
                ("ivr", "ivr", ("nullable", ("ref", "IvrResult"))),
            ),
        ),
    ),
    "IvrResult": (
        "IvrResult",
        (
            "object",
            (
                ("scenarioId", "scenarioId", "text"),
                ("scenarioName", "scenarioName", "text"),
                ("collectedDtmfs", "collectedDtmfs", "text"),
                ("collectedMappedDtmfs", "collectedMappedDtmfs", "text"),
                ("spokenInput", "spokenInput", "text"),
                ("matchedSpokenInput", "matchedSpokenInput", "text"),
            ),
        ),
    ),
    "Price": (
        "Price",
        (
            "object",
            (
                ("pricePerSecond", "pricePerMessage", "number"),
                ("currency", "currency", "text"),
            ),
        ),
    ),
    "ReportStatus": (
        "ReportStatus",
        (
            "object",
            (
                ("groupId", "groupId", "integer"),
                ("groupName", "groupName", "text"),
                ("id", "id", "integer"),
                ("name", "name", "text"),
                ("description", "description", "text"),
            ),
        ),
    ),
    "ReportError": (
        "ReportError",
        (
            "object",
            (
                ("groupId", "groupId", "integer"),
                ("groupName", "groupName", "text"),
                ("id", "id", "integer"),
                ("name", "name", "text"),
                ("description", "description", "text"),
                ("permanent", "permanent", "boolean"),
            ),
        ),
    ),
    "ApiException": (
        "ApiException",
        ("object", (("requestError", "requestError", ("ref", "RequestError")),)),
    ),
    "RequestError": (
        "RequestError",
        (
            "object",
            (("serviceException", "serviceException", ("ref", "ServiceException")),),
        ),
    ),
    "ServiceException": (
        "ServiceException",
        (
            "object",
            (
                ("messageId", "messageId", "text"),
                ("text", "text", "text"),
                ("validationErrors", "validationErrors", ("ref", "ValidationErrors")),
            ),
        ),
    ),
    "ValidationErrors": (
        "ValidationErrors",
        ("entries", "validationError", "path", "text"),
    ),
    "Identifier": ("Identifier", "text"),
    "PhoneNumber": ("PhoneNumber", "text"),
    "NotifyUrl": ("NotifyUrl", "text"),
    "NotifyContentType": ("NotifyContentType", "text"),
    "SendAt": ("SendAt", "text"),
    "ReportTime": ("ReportTime", ("nullable", "text")),
    "ReportInstant": ("ReportInstant", "integer"),
}
