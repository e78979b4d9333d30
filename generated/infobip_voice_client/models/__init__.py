"""Contains all the data models used in inputs/outputs"""

from .api_exception import ApiException
from .call_retry import CallRetry
from .click_to_call_launch_request import ClickToCallLaunchRequest
from .click_to_call_message import ClickToCallMessage
from .click_to_call_message_machine_detection import ClickToCallMessageMachineDetection
from .click_to_call_message_notify_content_version import (
    ClickToCallMessageNotifyContentVersion,
)
from .click_to_call_message_record_type_1 import ClickToCallMessageRecordType1
from .delivery_time_window import DeliveryTimeWindow
from .delivery_time_window_days_item import DeliveryTimeWindowDaysItem
from .ivr_destination import IvrDestination
from .ivr_launch_request import IvrLaunchRequest
from .ivr_message import IvrMessage
from .ivr_message_notify_content_version import IvrMessageNotifyContentVersion
from .ivr_result import IvrResult
from .launch_status import LaunchStatus
from .nested_report import NestedReport
from .nested_report_response import NestedReportResponse
from .notify_content_type import NotifyContentType
from .price import Price
from .report_error import ReportError
from .report_status import ReportStatus
from .request_error import RequestError
from .scenario_parameters import ScenarioParameters
from .sending_speed import SendingSpeed
from .sending_speed_time_unit import SendingSpeedTimeUnit
from .service_exception import ServiceException
from .time_of_day import TimeOfDay
from .validation_errors import ValidationErrors
from .voice import Voice
from .voice_call import VoiceCall
from .voice_gender import VoiceGender
from .voice_report import VoiceReport
from .voice_report_response import VoiceReportResponse
from .voice_response import VoiceResponse
from .voice_response_details import VoiceResponseDetails

__all__ = (
    "ApiException",
    "CallRetry",
    "ClickToCallLaunchRequest",
    "ClickToCallMessage",
    "ClickToCallMessageMachineDetection",
    "ClickToCallMessageNotifyContentVersion",
    "ClickToCallMessageRecordType1",
    "DeliveryTimeWindow",
    "DeliveryTimeWindowDaysItem",
    "IvrDestination",
    "IvrLaunchRequest",
    "IvrMessage",
    "IvrMessageNotifyContentVersion",
    "IvrResult",
    "LaunchStatus",
    "NestedReport",
    "NestedReportResponse",
    "NotifyContentType",
    "Price",
    "ReportError",
    "ReportStatus",
    "RequestError",
    "ScenarioParameters",
    "SendingSpeed",
    "SendingSpeedTimeUnit",
    "ServiceException",
    "TimeOfDay",
    "ValidationErrors",
    "Voice",
    "VoiceCall",
    "VoiceGender",
    "VoiceReport",
    "VoiceReportResponse",
    "VoiceResponse",
    "VoiceResponseDetails",
)
