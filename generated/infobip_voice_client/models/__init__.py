"""Contains all the data models used in inputs/outputs"""

from .api_exception import ApiException
from .call_retry import CallRetry
from .click_to_call_launch_request import ClickToCallLaunchRequest
from .click_to_call_message import ClickToCallMessage
from .click_to_call_message_record_type_1 import ClickToCallMessageRecordType1
from .ivr_destination import IvrDestination
from .ivr_launch_request import IvrLaunchRequest
from .ivr_message import IvrMessage
from .launch_status import LaunchStatus
from .notify_content_type import NotifyContentType
from .price import Price
from .report_error import ReportError
from .report_status import ReportStatus
from .request_error import RequestError
from .scenario_parameters import ScenarioParameters
from .sending_speed import SendingSpeed
from .sending_speed_time_unit import SendingSpeedTimeUnit
from .service_exception import ServiceException
from .validation_errors import ValidationErrors
from .voice_report import VoiceReport
from .voice_report_response import VoiceReportResponse
from .voice_response import VoiceResponse
from .voice_response_details import VoiceResponseDetails

__all__ = (
    "ApiException",
    "CallRetry",
    "ClickToCallLaunchRequest",
    "ClickToCallMessage",
    "ClickToCallMessageRecordType1",
    "IvrDestination",
    "IvrLaunchRequest",
    "IvrMessage",
    "LaunchStatus",
    "NotifyContentType",
    "Price",
    "ReportError",
    "ReportStatus",
    "RequestError",
    "ScenarioParameters",
    "SendingSpeed",
    "SendingSpeedTimeUnit",
    "ServiceException",
    "ValidationErrors",
    "VoiceReport",
    "VoiceReportResponse",
    "VoiceResponse",
    "VoiceResponseDetails",
)
