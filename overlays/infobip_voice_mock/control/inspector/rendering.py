"""Pages from templates: nothing on them is run or loaded but what is written here."""

import base64
import hashlib
from datetime import datetime
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Any
from urllib.parse import quote

import jinja2
import msgspec

from infobip_voice_mock.answers import Answer
from infobip_voice_mock.control.inspector import forms, timeline

__all__ = ["render"]

_encoder = msgspec.json.Encoder(decimal_format="number")


def render(template: str, status: int = HTTPStatus.OK, **context: Any) -> Answer:
    """Return the page that a template makes of what it is given."""
    text = (
        _templates()
        .get_template(template)
        .render(style=_text("inspector.css"), script=_text("inspector.js"), **context)
    )
    headers = ((b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store"))
    return Answer(status, (*headers, (b"content-security-policy", _policy())), text.encode())


@cache
def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("infobip_voice_mock.control.inspector"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(moment=_moment, time=_time, day=_day, json=_json)
    templates.globals.update(account_url=_account_url, line=timeline.line, days=timeline.days)  # pyright: ignore
    templates.globals.update(form_token=forms.TOKEN)  # pyright: ignore
    return templates


@cache
def _text(name: str) -> str:
    return resources.files("infobip_voice_mock.control.inspector").joinpath(name).read_text(encoding="utf-8").strip()


@cache
def _policy() -> bytes:
    """Return the policy by which a browser runs and loads nothing else, and asks nobody else."""
    style, script = (_hash(_text(name)) for name in ("inspector.css", "inspector.js"))
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; connect-src 'self'; img-src data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ).encode()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _account_url(name: str, *path: str) -> str:
    return "/".join(["/_mock/pages", *(quote(str(part), safe="") for part in (name, *path))])


def _moment(text: str) -> str:
    """Return a moment with its date and zone: `2026-03-01 12:00:00 UTC`."""
    return f"{text[:10]} {_time(text)} {_zone(text)}"


def _day(text: str) -> str:
    """Return the date and the zone of a moment: `2026-03-01 UTC`."""
    return f"{text[:10]} {_zone(text)}"


def _time(text: str) -> str:
    """Return the time of day of a moment, with milliseconds if it has a fraction."""
    moment = datetime.fromisoformat(text)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")[
        11 : 23 if moment.microsecond else 19
    ]


def _zone(text: str) -> str:
    offset = datetime.fromisoformat(text).utcoffset()
    return f"UTC{text[-6:]}" if offset else "UTC"


def _json(value: Any) -> str:
    return msgspec.json.format(_encoder.encode(value), indent=2).decode()
