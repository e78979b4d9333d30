"""What a launch will send: the requests of a plan, and a dry run that describes them."""

import argparse
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict

from infobip_voice_cli.connection import USAGE
from infobip_voice_cli.journal import PlannedRequest
from infobip_voice_cli.recipients import Reading, Recipient, Recipients
from infobip_voice_cli.terminal import write
from infobip_voice_cli.window import described
from infobip_voice_wire.numbering import plan_of

if TYPE_CHECKING:
    from infobip_voice import AsyncVoiceClient, Redial, VoiceClient, Window
    from infobip_voice_client.models import SendingSpeed

    Launcher = VoiceClient | AsyncVoiceClient

__all__ = ["MAX_BATCH", "dry_run", "options_of", "plan"]

MAX_BATCH: Final = 20_000  # destinations of one message (contract)
_BATCH: Final = 500
_UNITS: Final = {
    "second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}  # fmt: skip
_FIRST: Final = 5  # numbers, as they would be dialled


def options_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the options that decide what is sent, by their names on the command line."""
    return {
        "scenario": arguments.scenario, "from": arguments.from_, "parameter": arguments.parameter,
        "pace": arguments.pace, "send-at": arguments.send_at, "validity": arguments.validity,
        "redial": arguments.redial,
        "notify-url": arguments.notify_url, "notify-content-type": arguments.notify_content_type,
        "callback-data": arguments.callback_data, "record": arguments.record, "duplicates": arguments.duplicates,
        "window": arguments.window, "ring-timeout": arguments.ring_timeout, "call-timeout": arguments.call_timeout,
        "pause": arguments.pause, "notify-content-version": arguments.notify_content_version,
    }  # fmt: skip


def plan(
    voice: "Launcher", recipients: Recipients, arguments: argparse.Namespace
) -> tuple[str, Iterator[PlannedRequest]]:
    """Return the id of a campaign, and its requests, each with the ids of its calls.

    Raises:
        ValueError: an option that cannot be sent, or a pace that the requests would not keep.
    """
    size = arguments.batch or (MAX_BATCH if arguments.pace else _BATCH)
    if arguments.pace and (len(recipients) > size or not recipients.is_uniform):
        # Each message keeps the pace for itself: several would run beside each other.
        raise ValueError(
            f"--pace holds for one message: at most {MAX_BATCH} calls, no smaller --batch, and for every row the same "
            "from and parameters"
        )
    # What is the same for every row is read once.
    model = voice.ivr.prepare(to=recipients.first.to, **_options(arguments))
    message = model.requests[0].messages[0].to_dict()
    return model.bulk_id, _requests(voice, recipients, message, size, model.bulk_id)


def _requests(
    voice: "Launcher", recipients: Recipients, message: dict[str, Any], size: int, bulk_id: str
) -> Iterator[PlannedRequest]:
    rest = iter(recipients)
    while batch := list(islice(rest, size)):
        groups = _alike(batch)
        messages = [{**message, **_of_row(message, group[0]), "destinations": _calls(group)} for group in groups]
        # Whether a number may come twice was decided when the file was read.
        prepared = voice.ivr.prepare({"bulkId": bulk_id, "messages": messages}, duplicates="call")
        rows = (each for group in groups for each in group)
        calls = [
            (name, each.row, json.dumps([each.to, each.sender, dict(each.parameters)]))
            for name, each in zip(prepared.message_ids, rows, strict=True)
        ]
        yield PlannedRequest(prepared.dumps(), calls)


def _of_row(message: dict[str, Any], recipient: Recipient) -> dict[str, Any]:
    """Return what a row says of its message beside the number."""
    sender = {"from": recipient.sender} if recipient.sender else {}
    given: dict[str, str] = message.get("parameters", {})
    parameters = {"parameters": {**given, **dict(recipient.parameters)}} if recipient.parameters else {}
    return {**sender, **parameters}


def _calls(group: list[Recipient]) -> list[dict[str, str]]:
    return [{"to": each.to, **({"messageId": each.message_id} if each.message_id else {})} for each in group]


def _alike(recipients: list[Recipient]) -> list[list[Recipient]]:
    """Return the recipients by what their message has in common, each group in the file's order."""
    groups: dict[Any, list[Recipient]] = {}
    for each in recipients:
        groups.setdefault((each.sender, each.parameters), []).append(each)
    return list(groups.values())


class _Options(TypedDict):
    scenario_id: str
    from_: str | None
    parameters: dict[str, str] | None
    sending_speed: "SendingSpeed | None"
    send_at: datetime | None
    validity_period: int | None
    redial: "Redial | None"
    notify_url: str | None
    notify_content_type: Literal["application/json", "application/xml"] | None
    callback_data: str | None
    record: bool | None
    window: "Window | None"
    ring_timeout: int | None
    call_timeout: int | None
    pause: int | None
    notify_content_version: Literal[1, 2] | None


def _options(arguments: argparse.Namespace) -> "_Options":
    from infobip_voice import Redial
    from infobip_voice_client.models import SendingSpeed

    parameters: dict[str, str] = dict(arguments.parameter or ())
    return {
        "scenario_id": arguments.scenario,
        "from_": arguments.from_,
        "parameters": parameters or None,
        "sending_speed": SendingSpeed(*arguments.pace) if arguments.pace else None,
        "send_at": arguments.send_at,
        "validity_period": arguments.validity,
        "redial": Redial(*arguments.redial) if arguments.redial else None,
        "notify_url": arguments.notify_url,
        "notify_content_type": arguments.notify_content_type,
        "callback_data": arguments.callback_data,
        "record": arguments.record,
        "window": arguments.window,
        "ring_timeout": arguments.ring_timeout,
        "call_timeout": arguments.call_timeout,
        "pause": arguments.pause,
        "notify_content_version": arguments.notify_content_version,
    }


def dry_run(name: str, reading: Reading, arguments: argparse.Namespace) -> int:
    """Print what a launch of a file would do, and return 0, or the code of its refusal.

    Raises:
        ValueError: an option that cannot be sent.
        OSError: nobody reads what is printed.
    """
    from infobip_voice import VoiceClient

    columns, recipients = reading.columns, reading.recipients
    header = "the first row names the columns" if columns.has_header else "no header"
    write(f"{name}: {reading.sheet.encoding}, {reading.sheet.delimiter}, {header}")
    for sentence in reading.sheet.assumed:
        write(f"  {sentence}")
    write(f"  numbers     {reading.number_column}")
    if columns.message_id is not None:
        write("  messageId   the ids of the calls")
    if columns.sender is not None:
        write("  from        the numbers that are shown")
    for parameter in columns.parameters:
        write(f"  parameter   {parameter}")
    for column in reading.ignored:
        write(f"  no effect   {column}")
    _describe_terms(arguments)
    usable = not reading.refused.count and bool(recipients) and (arguments.ignore_columns or not reading.ignored)
    for row, reason in reading.refused.first:
        write(f"refused: row {row}: {reason}")
    if reading.refused.more:
        write(f"refused: and {reading.refused.more} more rows")
    if reading.repeated.count:
        again = "called each time" if arguments.duplicates == "call" else f"--duplicates {arguments.duplicates}"
        rows = ", ".join(f"{row} (as {earlier})" for row, earlier in reading.repeated.first)
        write(f"{reading.repeated.count} row(s) repeat a number, {again}: {rows}")
    if reading.ignored and not arguments.ignore_columns:
        write(f"refused: without --ignore-columns, for columns without effect: {', '.join(map(repr, reading.ignored))}")
    if not recipients:
        write("refused: there is nobody to call")
    if recipients:
        _describe_calls(recipients)
    if usable:
        # The client sends nothing: it only checks the options, and makes the requests.
        with VoiceClient(base_url="http://localhost", api_key="none", wire_format=arguments.wire_format) as voice:
            requests = sum(1 for _ in plan(voice, recipients, arguments)[1])
        write(f"{len(recipients)} call(s) in {requests} request(s); {_duration(len(recipients), arguments)}")
    write("nothing was sent")
    return 0 if usable else USAGE


def _describe_terms(arguments: argparse.Namespace) -> None:
    """Print what the options say of each call."""
    if arguments.window:
        write(f"  window      {described(arguments.window)}")
    if arguments.ring_timeout is not None:
        write(f"  rings       {arguments.ring_timeout} s at most")
    if arguments.call_timeout is not None:
        write(f"  lasts       {arguments.call_timeout} s at most")
    if arguments.pause is not None:
        write(f"  pause       {arguments.pause} s before the first sound")
    if arguments.notify_content_version is not None:
        write(f"  push        version {arguments.notify_content_version}")


def _describe_calls(recipients: Recipients) -> None:
    counts: dict[str, int] = {}
    for each in recipients:
        found = plan_of(each.to)
        code = found.code if found else ""
        counts[code] = counts.get(code, 0) + 1
    by_code = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    write("by calling code: " + ", ".join(f"+{code} {count}" for code, count in by_code))
    first = ", ".join(f"{each.to} (row {each.row})" for each in islice(recipients, _FIRST))
    write(f"as they would be dialled: {first}{', …' if len(recipients) > _FIRST else ''}")


def _duration(calls: int, arguments: argparse.Namespace) -> str:
    start = f"from {arguments.send_at.isoformat()}" if arguments.send_at else "from now"
    waits = "; outside the window calls wait for it" if arguments.window else ""
    if not arguments.pace:
        return f"all begin {start}, as fast as the platform dials{waits}"
    speed, unit = arguments.pace
    return f"the last begins {(calls - 1) * _UNITS[unit] / speed} after the first, {start}{waits}"
