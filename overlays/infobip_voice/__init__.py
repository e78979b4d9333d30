"""Launch outbound IVRs and clicks to call, and fetch one-time delivery reports, without a silent
second call or loss.

    from infobip_voice import VoiceClient

    with VoiceClient(base_url="https://{account}.api.infobip.com", api_key="…") as client:
        launch = client.ivr.launch(scenario_id="6298AA77…", to=["+41 79 302 67 27"])
        for report in client.reports.drain(spool="reports.db"):
            print(report)

Request and answer models are the generated ones, in `infobip_voice_client.models`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from infobip_voice import errors
from infobip_voice._version import __version__
from infobip_voice.errors import *  # noqa: F403  all of them, as `errors.__all__` names them

if TYPE_CHECKING:
    from infobip_voice._async_client import AsyncVoiceClient
    from infobip_voice._client import VoiceClient
    from infobip_voice._drain import AsyncDrain, Drain
    from infobip_voice._exchange import Attempt
    from infobip_voice._launches import Launch
    from infobip_voice._operations import ClickToCall, Ivr, Reports
    from infobip_voice._options import ClickToCallOptions, IvrOptions, Redial
    from infobip_voice._pages import parse_push
    from infobip_voice._policy import NO_RETRIES, Budget
    from infobip_voice._prepared import Prepared
    from infobip_voice._receiver import PushReceiver
    from infobip_voice._report import Place, Report, Status
    from infobip_voice._reports import Found, Gap, Pushed, Unreadable
    from infobip_voice._settings import ClientOptions
    from infobip_voice._window import Day, Window

__all__ = [
    "NO_RETRIES", "AsyncDrain", "AsyncVoiceClient", "Attempt", "Budget", "ClickToCall", "ClickToCallOptions",
    "ClientOptions", "Day", "Drain", "Found", "Gap", "Ivr", "IvrOptions", "Launch", "Place", "Prepared",
    "PushReceiver", "Pushed", "Redial", "Report", "Reports", "Status", "Unreadable", "VoiceClient", "Window",
    "__version__", "parse_push",
]  # fmt: skip
__all__ += errors.__all__

# The module of each name, as above. It is imported when the name is first asked for: all of them
# together take more than `import httpx`, and a program needs a few.
_HOMES: Final = {
    "AsyncVoiceClient": "_async_client", "VoiceClient": "_client", "AsyncDrain": "_drain", "Drain": "_drain",
    "Attempt": "_exchange", "Launch": "_launches", "ClickToCall": "_operations", "Ivr": "_operations",
    "Reports": "_operations", "ClickToCallOptions": "_options", "IvrOptions": "_options", "Redial": "_options",
    "parse_push": "_pages", "NO_RETRIES": "_policy", "Budget": "_policy", "Prepared": "_prepared", "Place": "_report",
    "PushReceiver": "_receiver", "Report": "_report", "Status": "_report", "Found": "_reports", "Gap": "_reports",
    "Pushed": "_reports",
    "Unreadable": "_reports", "ClientOptions": "_settings", "Day": "_window", "Window": "_window",
}  # fmt: skip

# Type checkers would take it to mean that every name is there.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> Any:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
