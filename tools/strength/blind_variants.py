"""What a server has the right to do otherwise, by someone who had not read the rules of the kit."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any, Final

from infobip_voice_contract.exchange import Answer, Request
from infobip_voice_contract.faults.blind.words import listed, part, stated
from infobip_voice_contract.faults.edits import (
    answering,
    body_of,
    documented,
    fetches,
    header,
    is_xml,
    launches,
    reports_with,
)
from infobip_voice_contract.faults.fault import Make, Send, Variant, Wrapper, is_push
from infobip_voice_contract.faults.witness import Witness, answered, launched, reported, value
from infobip_voice_contract.stage import Stage
from infobip_voice_wire import timestamps

__all__ = ["VARIANTS"]

_TIME: Final = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}\+0000")
_OPENED: Final = re.compile(rb"(<\w+>)<(?!/)")
_CLOSED: Final = re.compile(rb"(</\w+>|<\w+/>)<")
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FIELDS: Final = (
    ("Server", "voice"),
    ("Date", "Sun, 01 Mar 2026 12:00:00 GMT"),
    ("X-Request-Id", "1772366400123456789"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("Vary", "Accept"),
)


def _always(request: Request, answer: Answer) -> bool:  # noqa: ARG001 - one of many conditions
    return True


def _json(request: Request, answer: Answer) -> bool:  # noqa: ARG001 - one of many conditions
    return "json" in stated(answer, "content-type")


def _page(request: Request, answer: Answer) -> bool:
    return fetches(request) and answer.status == 200


def _with_fields(answer: Answer) -> Answer:
    names = [name.lower() for name, _ in _FIELDS]
    kept = tuple(field for field in answer.headers if field[0].lower() not in names)
    return replace(answer, headers=(*kept, *_FIELDS))


def _with_charset(answer: Answer) -> Answer:
    kind = stated(answer, "content-type")
    other: Answer = header(answer, "Content-Type", f"{kind};charset=UTF-8") if kind and ";" not in kind else answer
    return other


def _printed(answer: Answer) -> Answer:
    body = answer.body.replace(b"<results/>", b"<results></results>")
    for between in (_OPENED, _CLOSED):
        # What lies between two elements is matched by both of them, so once is not enough.
        body = between.sub(rb"\1\n  <", between.sub(rb"\1\n  <", body))
    return replace(answer, body=_DECLARATION + body + b"\n")


def _escaped(answer: Answer) -> Answer:
    text = answer.body.decode().replace("/", "\\/")
    units = re.sub(r"[^\x00-\x7f]", lambda found: _units(found[0]), text)
    return replace(answer, body=f"\n{units}\n".encode())


def _units(character: str) -> str:
    pairs = character.encode("utf-16-be").hex()
    return "".join(f"\\u{pairs[start : start + 4]}" for start in range(0, len(pairs), 4))


def _unknown(report: dict[str, Any]) -> None:
    report["mccMnc"] = "0"
    for name in ("bulkId", "dtmfCodes", "recordedAudioFileUrl", "callbackData"):
        report.setdefault(name, None)
    if "price" in report:
        report["price"]["currency"] = "UNKNOWN"


def _extended(document: dict[str, Any]) -> None:
    for place in (document, *listed(document, "messages"), *listed(document, "results")):
        place["tenant"] = "voice-7"
        if part(place, "status"):
            place["status"]["action"] = "none"


def _relative(report: dict[str, Any]) -> None:
    link = report.get("recordedAudioFileUrl")
    if isinstance(link, str):
        report["recordedAudioFileUrl"] = link.removeprefix("https://api.infobip.com")


def _in_other_words(document: dict[str, Any]) -> None:
    exception = part(part(document, "requestError"), "serviceException")
    if exception:
        exception["text"] = "That does not work"
        exception.pop("validationErrors", None)


def _described(document: dict[str, Any]) -> None:
    for place in (*listed(document, "messages"), *listed(document, "results")):
        for name in ("status", "error"):
            if part(place, name):
                place[name]["description"] = "As it is"


def _zoned(answer: Answer) -> Answer:
    def later(time: re.Match[bytes]) -> bytes:
        moment = timestamps.parse(time[0].decode()).astimezone(timezone(timedelta(hours=1)))
        return timestamps.format_report_time(moment).encode()

    return replace(answer, body=_TIME.sub(later, answer.body))


def _challenged(answer: Answer) -> Answer:
    return replace(answer, headers=(*answer.headers, ("WWW-Authenticate", 'App realm="voice"')))


async def _packed(request: Request, send: Send) -> Answer:
    answer = await send(request)
    codings = [coding.strip() for coding in stated(request, "accept-encoding").lower().split(",")]
    if "gzip" not in codings or not answer.body or answer.fields("content-encoding"):
        return answer
    packed: Answer = header(answer, "Content-Encoding", "gzip")
    return replace(
        packed, body=gzip.compress(answer.body, mtime=0), headers=(*packed.headers, ("Vary", "Accept-Encoding"))
    )


def _swapped(body: bytes, table: dict[bytes, bytes]) -> bytes:
    return re.sub(rb"[\w-]+", lambda found: table.get(found[0], found[0]), body)


def _numbered() -> Wrapper:
    numbers: dict[bytes, bytes] = {}
    names: dict[bytes, bytes] = {}

    async def wrapper(request: Request, send: Send) -> Answer:
        if is_push(request):
            return await send(replace(request, body=_swapped(request.body, numbers)))
        target = _swapped(request.target.encode(), names).decode()
        request = replace(request, body=_swapped(request.body, names), target=target)
        given = set(re.findall(rb'essageId(?:"\s*:\s*"|>)([^"<]+)', request.body))
        answer = await send(request)
        if launches(request) and answer.status == 200:
            for entry in listed(body_of(answer), "messages"):
                name = entry["messageId"].encode()
                if name not in given:
                    number = f"{17_723_664_000_000_000_000_000 + len(numbers)}".encode()
                    numbers[name], names[number] = number, name
        return replace(answer, body=_swapped(answer.body, numbers))

    return wrapper


def _fetched(shows: Callable[[Answer], object], accept: str = "application/json") -> Witness:
    """Return the witness that asks for nothing, and looks at the answer."""
    return answered(lambda stage: stage.get(bulkId=stage.id(), accept=accept), shows)


def _packed_for(stage: Stage) -> Request:
    return stage.get(bulkId=stage.id(), headers=(("Accept-Encoding", "gzip, deflate"),))


def _together(*makes: Make) -> Make:
    """Return the maker of a wrapper around a wrapper."""
    first, second = makes

    def make() -> Wrapper:
        outer, inner = first(), second()

        async def wrapper(request: Request, send: Send) -> Answer:
            async def through(asked: Request) -> Answer:
                return await inner(asked, send)

            return await outer(request, through)

        return wrapper

    return make


VARIANTS: Final = (
    Variant(
        id="further-fields",
        sentence="Answers carry fields of a server, a proxy and a log.",
        source=("assumption",),
        make=answering(_with_fields, when=_always),
        witness=_fetched(lambda answer: answer.field("x-request-id")),
    ),
    Variant(
        id="charset-named",
        sentence="Media types name the charset UTF-8.",
        source=("assumption",),
        make=answering(_with_charset, when=_always),
        witness=_fetched(lambda answer: "charset" in (answer.field("content-type") or "")),
    ),
    Variant(
        id="xml-printed",
        sentence="XML has a declaration, line breaks between elements, and an end for every element.",
        source=("assumption",),
        make=answering(_printed, when=lambda _, answer: is_xml(answer)),
        witness=_fetched(lambda answer: answer.body.startswith(b"<?xml"), "application/xml"),
    ),
    Variant(
        id="json-escaped",
        sentence="JSON is in ASCII, with escapes, and space around it.",
        source=("assumption",),
        make=answering(_escaped, when=_json),
        witness=_fetched(lambda answer: answer.body.startswith(b"\n")),
    ),
    Variant(
        id="nulls",
        sentence="What a report does not know is null, `0` or `UNKNOWN`.",
        source=("reports", "assumption"),
        make=reports_with(_unknown),
        witness=reported(lambda found: found[0]["mccMnc"] == "0"),
    ),
    Variant(
        id="further-members",
        sentence="Documents have members that no source knows.",
        source=("platform-2026",),
        make=documented(_extended),
        witness=launched(lambda answer: "tenant" in value(answer)),
    ),
    Variant(
        id="relative-link",
        sentence="`recordedAudioFileUrl` is relative.",
        source=("reports",),
        make=reports_with(_relative),
        witness=reported(lambda found: found[0]["recordedAudioFileUrl"].startswith("/tts"), record=True),
    ),
    Variant(
        id="other-words",
        sentence="Errors and states are described in other words, and no error lists violations.",
        source=("platform-2026", "assumption"),
        make=_together(
            documented(_in_other_words, when=lambda _, answer: answer.status >= 400), documented(_described)
        ),
        witness=answered(lambda stage: stage.get(query="limit=0"), lambda answer: b"does not work" in answer.body),
    ),
    Variant(
        id="ids-of-digits",
        sentence="Made-up messageIds are 23 decimal digits.",
        source=("platform-2026",),
        make=_numbered,
        witness=launched(lambda answer: re.search(rb"[0-9]{23}", answer.body)),
    ),
    Variant(
        id="two-challenges",
        sentence="A 401 challenges by both schemes, each in a field of its own.",
        source=("platform-2026",),
        make=answering(_challenged, when=lambda _, answer: answer.status == 401),
        witness=answered(
            lambda stage: stage.get(authorization=None), lambda answer: len(answer.fields("www-authenticate")) == 2
        ),
    ),
    Variant(
        id="another-zone",
        sentence="Times in reports have the offset `+0100`.",
        source=("reports",),
        make=answering(_zoned, when=_page),
        witness=reported(lambda found: found[0]["doneAt"].endswith("+0100")),
    ),
    Variant(
        id="packed",
        sentence="Answers are compressed for whoever accepts it.",
        source=("assumption",),
        make=lambda: _packed,
        witness=answered(_packed_for, lambda answer: answer.field("content-encoding") == "gzip"),
    ),
)
