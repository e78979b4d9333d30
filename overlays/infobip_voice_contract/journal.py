"""The journal: every exchange as a line of JSON, which every output is a view of.

The first line says what was tested, the last one what the run found out about the server and could
not observe. In between stand the exchanges in the order in which they ended. Secrets are masked
before an exchange is made, so none is ever here.
"""

import base64
import json
import threading
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from infobip_voice_contract.contract import Edition
from infobip_voice_contract.exchange import Answer, Exchange, Fields, Request

__all__ = ["Facts", "Journal", "Recording", "load"]

_LARGE: Final = 65536
_KEPT_ON_THE_WIRE: Final = 16384  # the bytes of larger exchanges are their head and body, which are kept anyway


@dataclass
class Facts:
    """What a run found out, beside its exchanges.

    Attributes:
        edition: The edition by which the server is judged.
        base_url: Where it is.
        run: The random id that is in every id of the run.
        seed: The seed of what is random.
        profile: `quick` or `full`.
        delay: As in `History`.
        shared: As in `History`.
        skipped: Why rules are not observable, or inconclusive, by the ability that they need.
        notes: What a person should know: what was left behind, what went wrong.
        complaint: Why nothing could be judged; empty if something could.
    """

    edition: Edition = "seeds"
    base_url: str = ""
    run: str = ""
    seed: int = 0
    profile: str = "quick"
    delay: float | None = None
    shared: bool = False
    skipped: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    notes: list[str] = field(default_factory=list[str])
    complaint: str = ""


@dataclass(frozen=True)
class Recording:
    """What was recorded: a journal, or a HAR file."""

    facts: Facts
    exchanges: tuple[Exchange, ...]


class Journal:
    """Collects exchanges, and writes each to a file at once if there is one.

    Args:
        file: Where to write; None for nowhere.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        self.exchanges: list[Exchange] = []
        self._file = file
        self._lock = threading.Lock()

    def begin(self, facts: Facts) -> None:
        """Write what is tested."""
        self._write({"journal": 1, **_facts(facts)})

    def add(
        self, *, script: str, started: float, ended: float, request: Request, answer: Answer | None, **rest: Any
    ) -> Exchange:
        """Add an exchange, and return it."""
        with self._lock:
            exchange = Exchange(len(self.exchanges) + 1, script, started, ended, request, answer, **rest)
            self.exchanges.append(exchange)
            self._write(_line(exchange))
        return exchange

    def end(self, facts: Facts) -> None:
        """Write what the run found out."""
        self._write({"facts": _facts(facts)})

    def _write(self, document: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(document, ensure_ascii=False) + "\n")
            self._file.flush()


def load(path: Path) -> Recording:
    """Return what a journal has in it.

    Raises:
        ValueError: it is no journal.
        OSError: it cannot be read.
    """
    try:
        *texts, rest = path.read_text(encoding="utf-8").split("\n")  # a run that was killed may leave half a line
        lines = [json.loads(line) for line in texts]
        facts = Facts(**{name: value for name, value in lines[0].items() if name != "journal"})
        exchanges = tuple(_exchange(line) for line in lines[1:] if "facts" not in line)
        for line in lines[1:]:
            facts = Facts(**line["facts"]) if "facts" in line else facts
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        raise ValueError(f"{path} is no journal of the contract kit") from None
    if rest or "facts" not in lines[-1]:
        facts.complaint = facts.complaint or "the run was cut off, and its journal has no end"
    facts.skipped = {need: (why[0], why[1]) for need, why in facts.skipped.items()}
    return Recording(facts, exchanges)


def _facts(facts: Facts) -> dict[str, Any]:
    return dict(vars(facts))


def _line(exchange: Exchange) -> dict[str, Any]:
    request, answer = exchange.request, exchange.answer
    line: dict[str, Any] = {
        "number": exchange.number,
        "script": exchange.script,
        "started": exchange.started,
        "ended": exchange.ended,
        "request": {
            "method": request.method,
            "target": request.target,
            "headers": request.headers,
            "body": _as_text(request.body),
        },
        "answer": None,
    }
    if answer is not None:
        line["answer"] = {
            "status": answer.status,
            "headers": answer.headers,
            "body": _as_text(answer.body),
            "version": answer.version,
        }
    if exchange.failure:
        line["failure"] = exchange.failure
    if exchange.direction != "out":
        line["direction"] = exchange.direction
    for name, data in (("sent", exchange.sent), ("received", exchange.received)):
        if data and len(data) <= _KEPT_ON_THE_WIRE:
            line[name] = _as_text(data)
    return line


def _exchange(line: dict[str, Any]) -> Exchange:
    request, answer = line["request"], line["answer"]
    return Exchange(
        line["number"],
        line["script"],
        line["started"],
        line["ended"],
        Request(request["method"], request["target"], _fields(request["headers"]), _from_text(request["body"])),
        Answer(answer["status"], _fields(answer["headers"]), _from_text(answer["body"]), answer["version"])
        if answer
        else None,
        line.get("failure", ""),
        _from_text(line.get("sent", "")),
        _from_text(line.get("received", "")),
        line.get("direction", "out"),
    )


def _fields(pairs: list[list[str]]) -> Fields:
    return tuple((name, value) for name, value in pairs)


def _as_text(data: bytes) -> str | dict[str, str]:
    if len(data) > _LARGE:
        return {"deflate": base64.b64encode(zlib.compress(data)).decode()}
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _from_text(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if "deflate" in value:
        return zlib.decompress(base64.b64decode(value["deflate"]))
    return base64.b64decode(value["base64"])
