"""A result as one page of HTML that needs nothing else, with a picture of where rules hold."""

import base64
import hashlib
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Final

import jinja2

from infobip_voice_contract.excerpts import Excerpts
from infobip_voice_contract.grid import MEDIA, OPERATIONS, PLACES
from infobip_voice_contract.rules.rule import Verdict
from infobip_voice_contract.run import Result
from infobip_voice_contract.verdicts import VERDICTS, Judgement, totals

__all__ = ["page"]

MAX_BODY: Final = 4000  # characters of a body that are shown
_SHAPES: Final = {
    "pass": "holds",
    "fail": "broken",
    "warn": "broken, a warning",
    "known": "broken, known",
    "inconclusive": "inconclusive",
    "not observable here": "not observable here",
}
_SECTIONS: Final[tuple[tuple[Verdict, str], ...]] = (
    ("fail", "Broken rules"),
    ("warn", "Warnings"),
    ("known", "Known deviations"),
)


def page(found: Result) -> str:
    """Return the page. It works without JavaScript, in both colour schemes, and on paper."""
    exchanges = [judged.exchange for judged in found.history.exchanges]
    began = f"{datetime.fromtimestamp(exchanges[0].started, UTC):%Y-%m-%d %H:%M:%S} UTC" if exchanges else ""
    by_verdict = {name: [each for each in found.judgements if each.verdict == name] for name in VERDICTS}
    reasons: dict[tuple[str, str], list[Judgement]] = {}
    for judgement in found.judgements:
        if judgement.reason:
            reasons.setdefault((judgement.verdict, judgement.reason), []).append(judgement)
    return (
        _templates()
        .get_template("page.html")
        .render(
            style=_style(),
            policy=f"default-src 'none'; style-src '{_hash(_style())}'; img-src data:",
            found=found,
            facts=found.facts,
            began=began,
            count=len(exchanges),
            totals=totals(found.judgements),
            shapes=_SHAPES,
            sections=[(name, title, by_verdict[name]) for name, title in _SECTIONS if by_verdict[name]],
            excerpts=Excerpts(found, max_body=MAX_BODY),
            gone=[each for each in by_verdict["pass"] if each.baseline],
            groups=dict.fromkeys(judgement.rule.group for judgement in found.judgements),
            operations=OPERATIONS,
            media=MEDIA,
            places=PLACES,
            reasons=reasons,
        )
    )


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("infobip_voice_contract", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return resources.files("infobip_voice_contract").joinpath("templates/page.css").read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
