"""The search index: what can be found, and under which other words."""

import json
from typing import Any, Final, NamedTuple

__all__ = ["SYNONYMS", "Index"]

SYNONYMS: Final = {
    "webhook": "push receiver notifyurl",
    "maximum": "limits most",
    "max": "limits most",
    "rotate": "key change",
    "debug": "trace logger log",
    "logging": "log logger trace",
    "logs": "log logger trace",
    "callerid": "caller sees from",
    "cancel": "stop bound",
    "fail": "error failed why",
    "typing": "typed type mypy",
    "hints": "typed mypy",
    "reset": "afresh forgets",
    "modulenotfounderror": "module missing extra",
    "importerror": "module missing extra",
    "actions": "github ci",
    "callback": "push receiver notifyurl",
    "rate": "429 throttled limits",
    "ratelimit": "429 throttled limits",
    "throttling": "429 throttled",
    "apikey": "credentials app key",
    "token": "credentials key",
    "password": "credentials",
    "login": "credentials 401",
    "authentication": "credentials authorization",
    "auth": "credentials authorization",
    "retry": "again repeat redial budget",
    "retries": "again repeat redial budget",
    "twice": "repeat duplicate again idempotent",
    "idempotency": "idempotent repeat",
    "timeout": "limits deadline silence",
    "slow": "timeout deadline",
    "docker": "container",
    "kubernetes": "container docker",
    "pip": "install start",
    "installation": "install",
    "gunicorn": "workers fork",
    "celery": "workers fork",
    "uwsgi": "workers fork",
    "multiprocessing": "workers fork",
    "lambda": "workers",
    "machine": "answeredby machinedetection",
    "voicemail": "machinedetection answeredby machine",
    "mailbox": "machinedetection answeredby machine",
    "csv": "spreadsheet campaign columns",
    "excel": "spreadsheet campaign csv",
    "bulk": "campaign bulkid",
    "working": "days window deliverytimewindow",
    "weekday": "days window deliverytimewindow",
    "weekend": "window days deliverytimewindow",
    "hours": "window deliverytimewindow",
    "schedule": "sendat window later",
    "cost": "price",
    "money": "price decimal",
    "expensive": "price",
    "recording": "record recordedaudiofileurl",
    "keypress": "dtmf dtmfcodes pressed",
    "digits": "dtmf pressed",
    "phone": "telephone number",
    "msisdn": "telephone number",
    "caller": "from sees shown",
    "stub": "mock double",
    "fake": "mock double",
    "sandbox": "mock",
    "simulator": "mock",
    "unittest": "test mock pytest",
    "unit": "test pytest unittest",
    "dialling": "dial call",
    "lost": "loss gap uncertain loses",
    "missing": "lost gap absent",
    "crash": "spool lost",
    "exception": "error raises",
    "java": "generate generator language",
    "typescript": "generate generator language javascript",
    "golang": "generate generator language",
    "php": "sample language",
    "ssl": "certificate verify tls",
    "tls": "certificate verify",
    "proxy": "proxy environment",
    "spam": "blocklisted rejected",
    "blocked": "blocklisted rejected",
    "utc": "timezone offset window",
    "timezone": "offset utc",
    "version": "changes compatibility edition",
    "upgrade": "changes moving migration",
    "swagger": "openapi contract",
    "postman": "collection downloads",
    "requests": "requests httpx client",
}
"""Words that people type, and the words that these pages use."""


class Entry(NamedTuple):
    """A place that can be found."""

    title: str
    page: str
    url: str
    text: str


class Index:
    """Everything that can be found."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, title: str, page: str, url: str, text: str) -> None:
        """Add a place; of two with one address the first stays."""
        self._entries.setdefault(url, Entry(title, page, url, text))

    def script(self) -> str:
        """Return the index as a script, which a page can also load from a file."""
        document: dict[str, Any] = {"entries": list(self._entries.values()), "synonyms": SYNONYMS}
        return f"window.searchIndex = {json.dumps(document, ensure_ascii=False, separators=(',', ':'))};\n"
