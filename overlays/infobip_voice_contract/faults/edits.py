"""Words for faults: makers of wrappers that change requests, answers and documents."""

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, urlencode

from infobip_voice_contract.exchange import Answer, Fields, Request
from infobip_voice_contract.faults.fault import Make, Send, Wrapper, is_push
from infobip_voice_wire import documents, xml

__all__ = [
    "ABSENT",
    "NOTHING",
    "Change",
    "When",
    "accepted",
    "answering",
    "anything",
    "asking",
    "body_of",
    "broken",
    "converted",
    "documented",
    "each",
    "entries_with",
    "errors",
    "fetches",
    "header",
    "is_xml",
    "items_of",
    "launches",
    "mended",
    "mending",
    "pushing",
    "query",
    "refusing",
    "reports_with",
    "rewritten",
    "some_item",
    "stated",
    "stateless",
]  # fmt: skip

Message = TypeVar("Message", Request, Answer)
When = Callable[[Request, Answer], bool]
Change = Callable[[Answer], Answer]

_ROOTS: Final = {
    b"voiceResponse": "VoiceResponse",
    b"reportResponse": "VoiceReportResponse",
    b"ApiException": "ApiException",
}
_REPORTS: Final = "/tts/3/reports"
_REQUESTS: Final = {"/voice/ivr/1/messages": "IvrLaunchRequest", "/voice/ctc/1/send": "ClickToCallLaunchRequest"}


class _Absent:
    """Stands for a member that is taken away."""


ABSENT: Final = _Absent()

NOTHING: Final = Answer(0)
"""No answer at all: the connection is reset."""


# --- what a request or an answer is -------------------------------------------------------------


def launches(request: Request) -> bool:
    """It is a launch."""
    return request.method == "POST" and request.path in _REQUESTS


def fetches(request: Request) -> bool:
    """It asks for reports."""
    return request.method == "GET" and request.path == _REPORTS


def accepted(request: Request, answer: Answer) -> bool:  # noqa: ARG001 - one of many conditions
    """It was answered with 200."""
    return answer.status == 200


def anything(request: Request, answer: Answer) -> bool:  # noqa: ARG001
    """Whatever it is."""
    return True


def errors(*statuses: int) -> When:
    """It was refused with one of these statuses, or with any."""
    return lambda _, answer: answer.status in statuses if statuses else answer.status >= 400


def some_item(condition: Callable[[dict[str, Any]], object]) -> Callable[[Request], bool]:
    """It is a launch, one of whose `messages[]` items is like this."""
    return lambda request: any(condition(item) for item in items_of(request))


def is_xml(message: Request | Answer) -> bool:
    """It says that its body is XML."""
    return "xml" in " ".join(message.fields("content-type"))


# --- pieces of requests and answers -------------------------------------------------------------


def header(message: Message, name: str, given: str | None) -> Message:
    """Return a request or an answer with one header field of that name; None for without any."""
    kept: Fields = tuple((key, text) for key, text in message.headers if key.lower() != name.lower())
    return replace(message, headers=kept if given is None else (*kept, (name, given)))


def query(request: Request, **parameters: str | None) -> Request:
    """Return a request with other query parameters; None takes one away."""
    pairs = [
        pair
        for pair in parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
        if pair[0] not in parameters
    ]
    pairs += [(name, text) for name, text in parameters.items() if text is not None]
    return replace(request, target=f"{request.path}?{urlencode(pairs)}" if pairs else request.path)


def items_of(request: Request) -> list[dict[str, Any]]:
    """Return the `messages[]` items of a launch; none if it is no launch, or cannot be read."""
    document = body_of(request) if launches(request) else None
    found = document.get("messages") if isinstance(document, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def broken(request: Request) -> Request:
    """Return a request as the server refuses it with 400, without any effect."""
    if fetches(request):
        return query(request, limit="0")
    return replace(request, body=b"<" if is_xml(request) else b"{")


def stated(answer: Answer, status: int, kind: str | None = None) -> Answer:
    """Return a refusal with another status, and with another `messageId` in its document."""
    document = body_of(answer)
    if kind is not None and isinstance(document, dict) and "requestError" in document:
        document["requestError"]["serviceException"]["messageId"] = kind
        answer = rewritten(answer, document)
    return replace(answer, status=status)


def converted(answer: Answer, form: str) -> Answer:
    """Return an answer with the same document in the other form, `json` or `xml`."""
    document, schema = body_of(answer), _schema_of(answer)
    if document is None or schema is None or is_xml(answer) == (form == "xml"):
        return answer
    if form == "xml":
        return replace(header(answer, "content-type", "application/xml"), body=xml.encode(document, schema))
    return replace(header(answer, "content-type", "application/json"), body=_json(document))


def _schema_of(answer: Answer) -> str | None:
    if is_xml(answer):
        return _schema(answer)
    document = body_of(answer)
    names = {"messages": "VoiceResponse", "results": "VoiceReportResponse", "requestError": "ApiException"}
    return next((names[name] for name in names if isinstance(document, dict) and name in document), None)


def body_of(message: Request | Answer) -> Any:
    """Return the value of a document, fractions as `Decimal`; None if it cannot be read."""
    schema = _schema(message)
    try:
        return documents.decode(message.body, next(iter(message.fields("content-type")), None), schema)
    except (ValueError, KeyError):
        return None


def rewritten(message: Message, document: Any) -> Message:
    """Return a request or an answer with another document, in the form of the one that it has."""
    if not is_xml(message):
        return replace(message, body=_json(document))
    schema = _schema(message)
    of_2026 = schema == "VoiceReportResponse" and (
        b"<results><results>" in message.body or b"pricePerSecond" in message.body
    )
    return replace(message, body=xml.encode(document, schema, "json" if of_2026 else "xml"))


def _json(document: Any) -> bytes:
    return json.dumps(document, default=_number, ensure_ascii=False).encode()


def _number(given: Any) -> Any:
    if isinstance(given, Decimal):
        return float(given)
    raise TypeError(f"{type(given).__name__} is no JSON value")


def _schema(message: Request | Answer) -> str:
    if isinstance(message, Request) and not is_push(message):
        return _REQUESTS.get(message.path, "IvrLaunchRequest")
    start = message.body[:200]
    return next((schema for root, schema in _ROOTS.items() if b"<" + root in start), "VoiceReportResponse")


# --- makers -------------------------------------------------------------------------------------


def stateless(wrapper: Wrapper) -> Make:
    """Return the maker of a wrapper that remembers nothing."""
    return lambda: wrapper


def answering(change: Change, *, when: When = accepted) -> Make:
    """Return the maker of a wrapper that changes answers on their way out."""

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        return change(answer) if not is_push(request) and when(request, answer) else answer

    return stateless(wrapper)


def asking(change: Callable[[Request], Request]) -> Make:
    """Return the maker of a wrapper that changes requests on their way in."""

    async def wrapper(request: Request, send: Send) -> Answer:
        return await send(request if is_push(request) else change(request))

    return stateless(wrapper)


def pushing(change: Callable[[Request], Request]) -> Make:
    """Return the maker of a wrapper that changes pushes on their way out."""

    async def wrapper(request: Request, send: Send) -> Answer:
        return await send(change(request) if is_push(request) else request)

    return stateless(wrapper)


def mended(mend: Callable[[Request], Request | None], *, statuses: Collection[int] = (400,)) -> Make:
    """Return the maker of a wrapper that accepts what the server refuses.

    Args:
        mend: Returns the request as the server would accept it; None where it is no case for this.
        statuses: What the server has to have answered.
    """

    async def wrapper(request: Request, send: Send) -> Answer:
        answer = await send(request)
        if is_push(request) or answer.status not in statuses:
            return answer
        other = mend(request)
        if other is None:
            return answer
        again = await send(other)
        return again if again.status == 200 else answer

    return stateless(wrapper)


def mending(
    member: str, bad: Callable[[Any], object], good: Any, *, at: str = "", within: Callable[[Request], bool] = launches
) -> Make:
    """Return the maker of a wrapper that accepts launches in which a member has a bad value.

    Args:
        member: The member, wherever it stands.
        bad: Says whether a value is bad; ABSENT is given for a member that is not there.
        good: What counts in its place, or how that is made of it; ABSENT for nothing.
        at: The member whose object has to have it, for a member that is not there: `messages`,
            `destinations`, or nothing for the root.
        within: The launches for which it does so.
    """

    def mend(request: Request) -> Request | None:
        document = body_of(request) if within(request) else None
        if document is None or not _replaced(document, member, bad, good, at, ""):
            return None
        try:
            return rewritten(request, document)
        except ValueError:
            return None

    return mended(mend)


def _replaced(node: Any, member: str, bad: Callable[[Any], object], good: Any, at: str, name: str) -> bool:
    if isinstance(node, list):
        # Every item, also after one that was found.
        return sum(_replaced(item, member, bad, good, at, name) for item in node) > 0
    if not isinstance(node, dict):
        return False
    found = sum(_replaced(inner, member, bad, good, at, key) for key, inner in node.items() if key != member) > 0
    given = node.get(member, ABSENT)
    if (given is not ABSENT or at == name) and bad(given):
        other = good(given) if callable(good) else good
        node.pop(member, None)
        if other is not ABSENT:
            node[member] = other
        return True
    return _replaced(given, member, bad, good, at, member) or found


def refusing(when: Callable[[Request], object]) -> Make:
    """Return the maker of a wrapper that refuses with 400 what the server accepts.

    The refusal is the server's own, for a member or a parameter that we add. If it finds more wrong
    than that, the request is not for us to refuse, and goes out as it came.
    """

    async def wrapper(request: Request, send: Send) -> Answer:
        if is_push(request) or not when(request):
            return await send(request)
        poisoned = _poisoned(request)
        answer = await send(poisoned) if poisoned is not None else None
        return answer if answer is not None and _violations(answer) < 2 else await send(request)

    return stateless(wrapper)


_POISON: Final = "refusedOnPurpose"


def _poisoned(request: Request) -> Request | None:
    if fetches(request):
        return query(request, **{_POISON: "1"})
    document = body_of(request)
    try:
        return rewritten(request, {**document, _POISON: 1}) if isinstance(document, dict) else None
    except ValueError:
        return None


def _violations(answer: Answer) -> int:
    document = body_of(answer) if answer.status == 400 else None
    exception = document.get("requestError", {}).get("serviceException", {}) if isinstance(document, dict) else {}
    return len(exception.get("validationErrors") or ())


def documented(edit: Callable[[Any], Any], *, when: When = accepted) -> Make:
    """Return the maker of a wrapper that edits the document of an answer, in JSON and in XML.

    Args:
        edit: Changes the document in place, or returns another.
        when: Which answers it changes.
    """

    def change(answer: Answer) -> Answer:
        document = body_of(answer)
        if not isinstance(document, dict):
            return answer
        other: Any = edit(document)
        return rewritten(answer, document if other is None else other)

    return answering(change, when=when)


def each(name: str, edit: Callable[[dict[str, Any]], Any]) -> Callable[[Any], Any]:
    """Return the edit of every item of a list; one that gives ABSENT is left out."""

    def whole(document: dict[str, Any]) -> None:
        if isinstance(document.get(name), list):
            kept = [item for item in document[name] if edit(item) is not ABSENT]
            document[name] = kept

    return whole


def reports_with(edit: Callable[[dict[str, Any]], Any]) -> Make:
    """Return the maker of a wrapper that edits every report that is fetched."""
    return documented(each("results", edit), when=lambda request, answer: fetches(request) and answer.status == 200)


def entries_with(edit: Callable[[dict[str, Any]], Any]) -> Make:
    """Return the maker of a wrapper that edits every entry of the answer to a launch."""
    return documented(each("messages", edit), when=lambda request, answer: launches(request) and answer.status == 200)
