"""Results to show: recordings in which rules are broken, by servers that mean no good."""

import dataclasses
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from contract_kit.examples import examples
from contract_kit.recorded import JSON, Record, stage
from infobip_voice_contract.baseline import Baseline, Deviation
from infobip_voice_contract.contract import Contract
from infobip_voice_contract.exchange import Answer, Exchange
from infobip_voice_contract.history import History
from infobip_voice_contract.journal import Facts, Journal
from infobip_voice_contract.run import Result
from infobip_voice_contract.verdicts import exit_code, judge

BROKEN = ("auth.none", "auth.challenge", "once.never-twice", "ids.numbers", "xml.root", "valid.limit")
DAY = date(2026, 6, 1)
HOSTILE = (
    "</pre><script>alert(1)</script><img src=//h.example/x onerror=alert(1)> ]]> ```` \n::error::owned\n"
    "## [x](javascript:alert(1)) | \x00\x1b[31m\u202e\ufffe &lt;"
)
SKIPPED = {
    "patience": ("not observable here", "it takes minutes; give --profile full"),
    "push": ("inconclusive", "nobody knows"),
}


def found(*names: str, exchanges: list[Exchange] | None = None, **facts: Any) -> Result:
    """The result of recordings in which these rules are broken."""
    listed = exchanges if exchanges is not None else recorded(*names)
    history = History.of(listed, Contract("seeds"), delay=0.1)
    judgements = judge(history, SKIPPED)
    known = {"base_url": "http://127.0.0.1:9", "run": "run", "skipped": dict(SKIPPED), "delay": 0.1, **facts}
    return Result(Facts(**known), history, judgements, exit_code(judgements))


examples = cache(examples)


def recorded(*names: str) -> list[Exchange]:
    """The exchanges of the examples in which these rules are broken, one after the other."""
    listed: list[Exchange] = []
    for name in names:
        for exchange in examples()[name][1].exchanges:
            moved = exchange.started + 60 * len(listed)
            listed.append(
                dataclasses.replace(exchange, number=len(listed) + 1, started=moved, ended=moved + 0.5, script=name)
            )
    return listed


def hostile() -> Result:
    """The result of a server whose answers are written to break whatever shows them."""
    record = Record()
    report = {"messageId": HOSTILE, "to": HOSTILE, "status": {"id": 5, "name": HOSTILE}, "duration": -1}
    fields = (("Content-Type", JSON), ("X-Odd", HOSTILE.replace("\n", " ")))
    for _ in range(2):
        record.add(stage().get(), Answer(200, fields, json.dumps({"results": [report]}).encode()))
    record.add(stage().get(), Answer(418, (("Content-Type", HOSTILE.replace("\n", " ")),), HOSTILE.encode()))
    record.add(
        stage().get(accept="application/xml"), Answer(200, (("Content-Type", "application/xml"),), HOSTILE.encode())
    )
    result = found(exchanges=record.exchanges, notes=[HOSTILE])
    reason = HOSTILE.replace("\x00", "")
    known = next(each.rule.id for each in result.judgements if each.verdict == "fail")
    return Baseline((Deviation(known, reason, date(2027, 1, 1)),)).applied(result, DAY)


def journal(result: Result, path: Path) -> Path:
    """Write the journal of a result, as a run would have."""
    with path.open("w", encoding="utf-8") as file:
        written = Journal(file)
        written.begin(result.facts)
        for exchange in (judged.exchange for judged in result.history.exchanges):
            written.add(
                script=exchange.script, started=exchange.started, ended=exchange.ended, request=exchange.request,
                answer=exchange.answer, failure=exchange.failure,
            )  # fmt: skip
        written.end(result.facts)
    return path
