"""A failure as a shell script of curl calls, which shows it again from a fresh state."""

import math
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from infobip_voice_contract.exchange import ACCOUNT, Answer, Exchange
from infobip_voice_contract.history import History
from infobip_voice_contract.judged import Judged
from infobip_voice_contract.verdicts import Judgement
from infobip_voice_wire import documents

__all__ = ["script", "shown"]

MAX_BODY: Final = 65536
_ID: Final = re.compile(r'(?:bulkId|messageId)(?:"\s*:\s*"|>)([\w-]{8,})["<]')
_SHORTEST_WAIT: Final = 0.05  # seconds between two exchanges that are a wait, and no delay of the network


def shown(judgement: Judgement, history: History) -> list[Exchange]:
    """Return the exchanges that show a failure, in order: the evidence, and what led to it."""
    if judgement.replay is not None and judgement.replay.history is not None:
        return [judged.exchange for judged in judgement.replay.history.exchanges if judged.exchange.direction == "out"]
    finding = judgement.findings[0]
    numbers = set(finding.exchanges)
    by_number = {judged.number: judged for judged in history.exchanges}
    if "report" in judgement.rule.needs or len(numbers) > 1 or _has_reports(by_number[min(numbers)]):
        # What became of a call depends on everything that its conversation did.
        first = by_number[min(numbers)].exchange
        numbers |= {
            judged.number
            for judged in history.of_script(first.script)
            if judged.number <= max(numbers) and judged.exchange.direction == "out"
        }
    return [by_number[number].exchange for number in sorted(numbers) if by_number[number].exchange.direction == "out"]


def script(judgement: Judgement, history: History, *, base_url: str, run: str) -> str:
    """Return the script, which makes fresh ids, and takes the Authorization field from `AUTH`.

    Args:
        judgement: A rule that is broken.
        history: What happened.
        base_url: Where the server is, unless `BASE_URL` says otherwise; anything but an http URL if
            that is not known.
        run: The random id of the run, which the script replaces by another.
    """
    finding = judgement.findings[0]
    # A recording may not say where its server was, and an application in this process is nowhere.
    is_known = base_url.startswith("http")
    where = f": ${{BASE_URL:={base_url}}}" if is_known else ': "${BASE_URL:?the address of the server}"'
    lines = [
        "#!/bin/sh",
        f"# {judgement.rule.id}: {judgement.rule.sentence}",
        f"# Seen: {' '.join(finding.problem.split())}",
        where,
        ': "${AUTH:?the value of the Authorization header}"',
        # As long as the random id of a run, so that an id of 100 characters stays one; and in
        # digits, which have no case.
        "RUN=$(printf %04d%04d $(($(date +%s) % 10000)) $(($$ % 10000)))",
        "",
        *_calls(shown(judgement, history), run),
    ]
    return "\n".join(lines) + "\n"


def _calls(exchanges: Sequence[Exchange], run: str) -> Iterator[str]:
    before: Exchange | None = None
    made: set[str] = set()
    for index, exchange in enumerate(exchanges):
        if before is not None and exchange.started - before.ended > _SHORTEST_WAIT:
            yield f"sleep {math.ceil((exchange.started - before.ended) * 10) / 10:g}"
        following = exchanges[index + 1] if index + 1 < len(exchanges) else None
        overlaps = any(
            other is not None and other.started < exchange.ended and exchange.started < other.ended
            for other in (before, following)
        )
        status = exchange.answer.status if exchange.answer is not None else exchange.failure
        yield f"# exchange {exchange.number}, answered {status}"
        sent = f"{exchange.request.target} {exchange.request.body.decode(errors='replace')}"
        for name in sorted(name for name in made if name in sent):
            yield f"# The server made the id {name} then: put in the one that it makes now."
        if exchange.request.method == "POST" and exchange.answer is not None:
            made |= {name for name in _ids(exchange.answer) if name not in sent}
        yield f"{_call(exchange, run)}{' &' if overlaps else ''}"
        if overlaps and not (following is not None and following.started < exchange.ended):
            yield "wait"
        before = exchange


def _has_reports(judged: Judged) -> bool:
    return judged.operation == "reports" and judged.answer is not None and bool(_ids(judged.answer))


def _ids(answer: Answer) -> set[str]:
    document = documents.unpack(answer.body, answer.field("content-encoding")).document
    return set(_ID.findall(document.decode(errors="replace")))


def _call(exchange: Exchange, run: str) -> str:
    request = exchange.request
    if len(request.body) > MAX_BODY:
        return f"echo 'a body of {len(request.body)} bytes: see exchange {exchange.number} of the journal'"
    words = ["curl -sS -i"] if request.method != "HEAD" else ["curl -sS --head"]
    if request.method not in ("GET", "HEAD"):
        words.append(f"-X {request.method}")
    words.append(f'"$BASE_URL"{_quoted(request.target, run)}')
    for name, value in request.headers:
        words.append(f'-H "{name}: $AUTH"' if value == ACCOUNT else f"-H {_quoted(f'{name}: {value}', run)}")
    # curl would add these.
    words += [f"-H '{name}:'" for name in ("Accept", "Content-Type") if not request.fields(name)]
    if not request.body:
        return " ".join(words) + "; echo"
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        text = "\0"
    # A shell drops a NUL.
    octal = "".join(f"\\{byte:03o}" for byte in request.body)
    printed = f"printf '{octal}'" if "\0" in text else f"printf %s {_quoted(text, run)}"
    return f"{printed} | {' '.join(words)} --data-binary @-; echo"


def _quoted(text: str, run: str) -> str:
    """Return a text for the shell, with the id of the run replaced by that of the script's run."""
    # Some scripts send ids in other cases, to see whether they stay different.
    pieces = re.split(re.escape(run), text, flags=re.IGNORECASE) if run else [text]
    return '"$RUN"'.join(shlex.quote(piece) if piece else "" for piece in pieces)
