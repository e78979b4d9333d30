"""The client for threads: whom to talk to, with which credentials, how patiently."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self, TypeVar, Unpack

from infobip_voice import _forks as _forks  # at the first fork it has to be there
from infobip_voice._arguments import shows_options
from infobip_voice._drivers import drive
from infobip_voice._exchange import Flow, Setup
from infobip_voice._settings import ClientOptions, address, authorization, check, made_id
from infobip_voice._transport import Transport

if TYPE_CHECKING:
    import httpx

    from infobip_voice._drain import Drain
    from infobip_voice._report import Report
    from infobip_voice._reports import Found

__all__ = ["Client", "VoiceClient"]

T = TypeVar("T")


class Client:
    """What both clients begin with: the settings, checked."""

    def __init__(self, options: ClientOptions, sleep: object) -> None:
        given: dict[str, Any] = {**options}
        check({**given, "sleep": sleep})
        self._address = address(given)
        if "new_id" in given:
            given["new_id"] = partial(made_id, given["new_id"])
        self._setup = Setup(**{name: given[name] for name in Setup._fields if name in given})

    def __reduce__(self) -> NoReturn:
        # It has credentials and connections, and a copy would close those of the original.
        raise TypeError("a client cannot be copied or pickled: make one in each process")

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(base_url={self._address[0].rstrip('/')!r}, wire_format={self._setup.wire_format!r})"
        )


class VoiceClient(Client):
    """Talk to the voice API from threads. One client may be shared by all of them.

    **Launching dials telephones, and reading reports consumes them**; each method says what a lost
    answer means.

    After a fork (gunicorn with preload, celery, multiprocessing) a client goes on in both
    processes, in each over connections of its own; one with an `http_client` does in the process
    that made it, and refuses in the other. Once closed, it refuses.

    Args:
        http_client: an `httpx.Client` of yours to send through. It stays yours to close; of its
            settings the transport, the timeout and the headers count, and not its redirects,
            authentication and query parameters.
        sleep: waits that many seconds, by default `time.sleep`.
        options: see `ClientOptions`.

    Attributes:
        ivr: launches outbound IVRs.
        click_to_call: launches clicks to call.
        reports: takes delivery reports, each of which is handed out once.

    Raises:
        ConfigurationError: no base URL, no credentials, or a setting that does not exist or cannot
            be used.
    """

    @shows_options(ClientOptions)
    def __init__(
        self,
        *,
        http_client: "httpx.Client | None" = None,
        sleep: Callable[[float], object] = time.sleep,
        **options: Unpack[ClientOptions],
    ) -> None:
        # Here and not at the head, so that importing the client does not import the models.
        from infobip_voice._operations import ClickToCall, Ivr, Reports

        super().__init__(options, sleep)
        self._transport = Transport(self._address, authorization(options), options, http_client)
        self._sleep = sleep
        self.ivr: Final = Ivr(self._setup, self._run)
        self.click_to_call: Final = ClickToCall(self._setup, self._run)
        self.reports: Final[Reports[list[Report], Found, Drain]] = Reports(self._setup, self._run, _drain)

    def _run(self, flow: Flow[T]) -> T:
        return drive(flow, self._transport.send, self._sleep)

    def close(self) -> None:
        """Close the connections of this process. The client sends nothing more. Raises nothing."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _drain(*arguments: Any) -> "Drain":
    from infobip_voice._drain import Drain  # with SQLite and threads, only for those who drain

    return Drain(*arguments)
