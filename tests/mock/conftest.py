"""A mock in this process, with a fixed clock and ids that count upwards."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import asgi
from infobip_voice_mock import create_app

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Mock:
    """The mock under test, with the requests that tests send most."""

    def __init__(self, **options: Any) -> None:
        counter = itertools.count(1)
        self.app = create_app(now=lambda: NOON, new_id=lambda: f"made-{next(counter)}", **options)

    def send(
        self, method: str, target: str, body: Any = b"", authorization: str | None = asgi.BASIC, **fields: str
    ) -> asgi.Response:
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if authorization is not None:
            headers["authorization"] = authorization
        return asgi.request(self.app, method, target, body, headers)

    def post(self, target: str, body: Any, **fields: str) -> asgi.Response:
        return self.send("POST", target, body, **({"content_type": "application/json"} | fields))

    def ivr(self, *to: str | dict[str, str], **members: Any) -> asgi.Response:
        """Launch one IVR message.

        Destinations are numbers or objects; `bulkId` stands beside the members of the message.
        """
        destinations = [{"to": number} if isinstance(number, str) else number for number in to]
        request = {name: members.pop(name) for name in ("bulkId",) if name in members}
        message = {"scenarioId": "S", "destinations": destinations, **members}
        return self.post("/voice/ivr/1/messages", {**request, "messages": [message]})

    def click_to_call(self, **members: Any) -> asgi.Response:
        """Launch one click to call."""
        message = {"from": "41793026700", "destinationA": "41793026727", "destinationB": "41793026731", **members}
        return self.post("/voice/ctc/1/send", {"messages": [message]})

    def reports(self, query: str = "", **fields: str) -> asgi.Response:
        return self.send("GET", f"/tts/3/reports{query}", **fields)

    def control(self, method: str, target: str, body: Any = b"", **fields: str) -> asgi.Response:
        """Send a request to the control plane, for the documented account.

        A `target` that is a whole path is used as it is.
        """
        path = target if target.startswith("/_mock") else f"/_mock/tenants/Aladdin/{target}"
        extra = {} if body == b"" else {"content_type": "application/json"}
        return self.send(method, path, body, None, **({"host": "127.0.0.1"} | extra | fields))

    def advance(self, **distance: Any) -> None:
        """Move the clock, which has to be a manual one."""
        assert self.control("POST", "clock/advance", distance).status == 200

    def run(self) -> None:
        """Move the clock until nothing is left to happen."""
        assert self.control("POST", "clock/run-until-idle").status == 200

    def waiting(self) -> list[str]:
        """Fetch, and so consume, every report; return their message ids."""
        return [report["messageId"] for report in self.reports("?limit=1000").json["results"]]


@pytest.fixture
def mock() -> Mock:
    return Mock()


@pytest.fixture
def new_mock() -> Callable[..., Mock]:
    return Mock
