"""Seeded conversations: lists of symbolic steps, as data, which are played and judged afterwards.

A step names no id. It says "the second launch of this conversation" by a number, so that any step
can be left out and what is left still makes sense: that is how a conversation is made smaller.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, NamedTuple

from infobip_voice_contract import credentials
from infobip_voice_contract.driver import Flow, Together, Wait
from infobip_voice_contract.exchange import Request
from infobip_voice_contract.judged import Judged, text
from infobip_voice_contract.stage import CTC, IVR, Form, Stage

__all__ = ["Conversation", "Move", "conversations", "in_words", "minimised", "played"]

What = Literal["launch", "read", "read all", "readers", "refused", "relaunch", "wait"]
_REFUSALS: Final = ("no credentials", "wrong credentials", "text/html", "limit=0", "DELETE", "HEAD")


class Move(NamedTuple):
    """One symbolic step.

    Attributes:
        what: What is done.
        operation: `ivr` or `ctc`, for launches.
        form: The form of the body and of the answer.
        which: Which launch of the conversation it is about, counted around.
        amount: How many calls, or how many reports at most; 0 for no limit.
        how: For a launch `ids`, `bulk`, `both` or nothing; for a read `bulk`, `message` or `both`;
            for a refusal its reason.
    """

    what: What
    operation: Literal["ivr", "ctc"] = "ivr"
    form: Form = "json"
    which: int = 0
    amount: int = 1
    how: str = ""


Conversation = tuple[Move, ...]


def conversations(seed: int, count: int, *, length: int = 12) -> list[Conversation]:
    """Return so many conversations, the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - repeatable on purpose
    return [tuple(_moves(source, length)) for _ in range(count)]


def _moves(source: random.Random, length: int) -> Iterator[Move]:
    yield _launch(source)
    for _ in range(length - 2):
        what: What = source.choices(
            ("launch", "read", "read all", "readers", "refused", "relaunch", "wait"), (4, 6, 1, 1, 2, 1, 3)
        )[0]
        form: Form = source.choice(("json", "xml"))
        which, amount = source.randrange(6), source.choice((0, 1, 2, 3, 10))
        if what == "launch":
            yield _launch(source)
        elif what == "refused":
            yield Move(what, form=form, which=which, how=source.choice(_REFUSALS))
        else:
            yield Move(
                what, form=form, which=which, amount=amount, how=source.choice(("bulk", "bulk", "message", "both"))
            )
    yield Move("wait")


def _launch(source: random.Random) -> Move:
    operation: Literal["ivr", "ctc"] = source.choice(("ivr", "ctc"))
    form: Form = source.choice(("json", "xml"))
    return Move(
        "launch", operation, form, amount=source.choice((1, 2, 3, 7)), how=source.choice(("both", "bulk", "ids", ""))
    )


def in_words(move: Move) -> str:
    """Return a step in words."""
    match move.what:
        case "launch":
            named = {"both": ", bulkId and messageIds given", "bulk": ", bulkId given", "ids": ", messageIds given"}
            return f"launch {move.amount} by {move.operation} in {move.form}{named.get(move.how, '')}"
        case "read" | "readers":
            who = "three readers at once" if move.what == "readers" else "read"
            limit = f", limit {move.amount}" if move.amount else ""
            return f"{who} launch {move.which} by {move.how} in {move.form}{limit}"
        case "read all":
            return f"read without a filter in {move.form}" + (f", limit {move.amount}" if move.amount else "")
        case "refused":
            return f"a read of launch {move.which} that is refused: {move.how}"
        case "relaunch":
            return f"launch the messageIds of launch {move.which} again"
        case _:
            return "wait for reports"


class _Launched(NamedTuple):
    bulk: str | None
    messages: list[str]
    operation: str


def played(conversation: Conversation) -> Callable[[Stage], Flow]:
    """Return the flow that plays a conversation with fresh ids."""

    def flow(stage: Stage) -> Flow:
        launches: list[_Launched] = []
        for move in conversation:
            if move.what == "wait":
                yield Wait()
            elif move.what == "launch":
                judged: Judged = yield _launch_request(stage, move)
                found = _launched(judged)
                if found.messages:
                    launches.append(found)
            elif launches:
                yield from _about(stage, move, launches[move.which % len(launches)])

    return flow


def _launch_request(stage: Stage, move: Move) -> Request:
    bulk = stage.id() if move.how in ("both", "bulk") else None
    ids = [stage.id() for _ in range(move.amount)] if move.how in ("both", "ids") else []
    if move.operation == "ctc":
        return stage.post(stage.ctc(move.amount, bulk=bulk, ids=ids), CTC, form=move.form)
    return stage.post(stage.ivr(move.amount, bulk=bulk, ids=ids), form=move.form)


def _launched(judged: Judged) -> _Launched:
    ids = [found for entry in judged.entries if (found := text(entry.get("messageId"))) and len(found) <= 100]
    bulk = text(judged.value.get("bulkId"))
    return _Launched(bulk if bulk and len(bulk) <= 100 else None, ids, judged.operation)


def _about(stage: Stage, move: Move, launch: _Launched) -> Flow:
    if move.what == "read all":
        if stage.may_read_all:
            yield _read(stage, move, {})
        return
    if move.what == "relaunch":
        path, make = (CTC, stage.ctc) if launch.operation == "ctc" else (IVR, stage.ivr)
        yield stage.post(make(len(launch.messages), bulk=stage.id(), ids=launch.messages), path, form=move.form)
        return
    by_bulk = {"bulkId": launch.bulk} if launch.bulk else {}
    by_message = {"messageId": launch.messages[move.amount % len(launch.messages)]}
    filters = {"bulk": by_bulk or by_message, "message": by_message, "both": by_bulk | by_message}
    if move.what == "refused":
        yield _refused(stage, move, by_bulk or by_message)
    elif move.what == "readers":
        yield Together(tuple(_read(stage, move, filters[move.how]) for _ in range(3)))
    else:
        yield _read(stage, move, filters[move.how])


def _read(stage: Stage, move: Move, filters: dict[str, str]) -> Request:
    options: dict[str, Any] = filters | ({"limit": move.amount} if move.amount else {})
    return stage.get(accept=f"application/{move.form}", **options)


def _refused(stage: Stage, move: Move, filters: dict[str, Any]) -> Request:
    match move.how:
        case "no credentials":
            return stage.get(authorization=None, **filters)
        case "wrong credentials":
            return stage.get(authorization=credentials.UNKNOWN_USER, **filters)
        case "text/html":
            return stage.get(accept="text/html", **filters)
        case "limit=0":
            return stage.get(limit=0, **filters)
        case method:
            return stage.get(method=method, **filters)


def minimised(
    conversation: Conversation, breaks: Callable[[Conversation], bool], *, tries: int = 16
) -> Conversation | None:
    """Return a conversation with fewer steps that still breaks the rule; None if it does not again.

    Args:
        conversation: The conversation that broke it.
        breaks: Plays a conversation with fresh ids, and returns whether it breaks the rule.
        tries: The most replays.
    """
    tries -= 1
    if not breaks(conversation):
        return None
    size = max(len(conversation) // 2, 1)
    while tries > 0:
        for start in range(0, len(conversation), size):
            shorter = conversation[:start] + conversation[start + size :]
            if not shorter or tries <= 0:
                continue
            tries -= 1
            if breaks(shorter):
                conversation = shorter
                break
        else:
            if size == 1:
                break
            size = max(size // 2, 1)
    return conversation
