"""Launch the documented calls at a mock, in JSON and in XML, and drain their reports: `make demo`.

The requests are the examples of the contract. Each wire format uses an account of its own, so that
neither sees the message ids and reports of the other.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any, Literal
from urllib.request import ProxyHandler, Request, build_opener

from infobip_voice import Launch, Report, VoiceClient
from infobip_voice_client.models import ClickToCallLaunchRequest, IvrLaunchRequest
from infobip_voice_wire.codes import status

COLOURED = sys.stdout.isatty() and "NO_COLOR" not in os.environ
PASSWORD = "open sesame"  # noqa: S105 - the documentation's own
ACCEPTED = status("PENDING_ACCEPTED").name


@contextmanager
def mock() -> Iterator[str]:
    """Run `infobip-voice mock` on a free port, yield its URL, and stop it at the end."""
    command = [sys.executable, "-m", "infobip_voice_cli", "mock", "--port", "0", "--open-tenants", "--clock", "manual"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise SystemExit("the mock has no standard output")
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.terminate()


def documented(path: str) -> Any:
    """Return the contract's own example of a request."""
    contract = json.loads(resources.files("infobip_voice_schema").joinpath("openapi.json").read_bytes())
    body = contract["paths"][path]["post"]["requestBody"]
    return body["content"]["application/json"]["examples"]["documented"]["value"]


def shade(text: str, code: int) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if COLOURED else text


def title(text: str, request: str) -> None:
    print(f"\n  {shade(text, 1)}  {shade(request, 2)}")


def show_launch(launch: Launch) -> None:
    for entry in launch.messages:
        mark = shade("✔", 32) if entry.status.name == ACCEPTED else shade("✘", 31)
        print(f"    {mark} {entry.to:<15} {entry.status.name:<33} {entry.message_id}")


def show_report(report: Report) -> None:
    mark = shade("✔", 32) if report.delivered else shade("✘", 31)
    error = report.error.description if report.error else "no error given"
    end = f"answered by a {report.answered_by}" if report.delivered else error
    price = f"{report.duration} s at {report.price} {report.currency}/s"
    print(f"    {mark} {report.to:<15} {end:<22} {price:<19} {report.message_id}")


def tour(base_url: str, wire_format: Literal["json", "xml"]) -> int:
    """Launch, drain and ask again; return the number of reports drained."""
    print(f"\n{shade(wire_format.upper(), 7)}")
    account = f"demo-{wire_format}"
    with VoiceClient(base_url=base_url, username=account, password=PASSWORD, wire_format=wire_format) as client:
        title("Launch an outbound IVR", "POST /voice/ivr/1/messages")
        show_launch(client.ivr.launch(IvrLaunchRequest.from_dict(documented("/voice/ivr/1/messages"))))
        title("Launch an IVR to people who will not all answer", "numbers from 999 choose their outcome")
        numbers = ["999101001", "999102001", "999214001"]
        show_launch(client.ivr.launch(scenario_id="6298AA7707903A4ED680B436929681AD", to=numbers))
        title("Launch a click to call", "POST /voice/ctc/1/send")
        show_launch(client.click_to_call.launch(ClickToCallLaunchRequest.from_dict(documented("/voice/ctc/1/send"))))
        title("Let the calls be made", "ten an hour, as the request asks: the mock's clock is moved, nobody waits")
        move = Request(f"{base_url}/_mock/tenants/{account}/clock/run-until-idle", method="POST")  # noqa: S310
        with build_opener(ProxyHandler({})).open(move) as clock:  # no proxy leads to this machine
            print(f"    it is now {json.load(clock)['now']}")
        title("Drain the delivery reports", "GET /tts/3/reports")
        count = 0
        for report in client.reports.drain(spool=None, limit=2):
            show_report(report)
            count += 1
        title("Ask again", "each report is handed out once")
        print(f"    {len(client.reports.fetch())} reports")
    return count


NEXT = {
    "README.md": "ten lines of your own, and what happens when an answer is lost",
    "make preview": "the portal and a mock on http://127.0.0.1:8080: read, search, send",
    "docs/guides/start.md": "the same in an empty folder, without this checkout",
    "docs/guides/testing.md": "test your own program against the mock",
}


def main() -> None:
    """Run the tour in both wire formats."""
    with mock() as base_url:
        print(f"A mock of the three voice operations runs on {base_url}. No telephone will ring.")
        counts = [tour(base_url, wire_format) for wire_format in ("json", "xml")]
    if counts != [5, 5]:
        raise SystemExit(f"expected five reports in each format, got {counts}")
    print("\nEvery call that was accepted has been reported, once. Where to look next:")
    for what, why in NEXT.items():
        print(f"    {what:<28} {why}")


if __name__ == "__main__":
    main()
