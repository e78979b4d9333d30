"""Texts and times that are none, and are accepted."""

import re
from typing import Any, Final

from infobip_voice_contract.faults.edits import (
    ABSENT,
    mending,
)
from infobip_voice_contract.faults.lenient.words import (
    AT,
    BOTH_SOURCES,
    ITEM,
    IVR_SOURCES,
    fault,
    is_text,
    takes,
)
from infobip_voice_contract.stage import CTC
from infobip_voice_wire import timestamps

__all__ = ["TEXTS"]


def _rolled(given: Any) -> bool:
    """It is a date that does not exist in a month that does."""
    match = (
        re.fullmatch(r"\d{4}-\d\d-(\d\d)T([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d|Z)", given)
        if isinstance(given, str)
        else None
    )
    if match is None or not 29 <= int(match[1]) <= 31:
        return False
    try:
        timestamps.parse(given)
    except ValueError:
        return True
    return False


TEXTS: Final = (
    fault(
        id="takes-long-data",
        rule="valid.callback-data",
        sentence="A callbackData of more than 200 characters is cut.",
        source=IVR_SOURCES,
        make=mending(
            "callbackData", lambda given: isinstance(given, str) and len(given) > 200, lambda given: given[:200]
        ),
        witness=takes(f"{ITEM}.callbackData", "x" * 201),
    ),
    fault(
        id="takes-long-bulk",
        rule="valid.ids",
        sentence="A bulkId of more than 100 characters is cut.",
        source=("assumption",),
        make=mending("bulkId", lambda given: isinstance(given, str) and len(given) > 100, lambda given: given[:100]),
        witness=takes("bulkId", "x" * 101),
    ),
    fault(
        id="takes-empty-bulk",
        rule="valid.ids",
        sentence="An empty bulkId counts as none.",
        source=("assumption",),
        make=mending("bulkId", lambda given: given == "", ABSENT),
        witness=takes("bulkId", ""),
    ),
    fault(
        id="takes-empty-message",
        rule="valid.ids",
        sentence="An empty messageId counts as none.",
        source=("assumption",),
        make=mending("messageId", lambda given: given == "", ABSENT),
        witness=takes(f"{ITEM}.messageId", "", operation=CTC),
    ),
    fault(
        id="takes-long-message",
        rule="valid.ids",
        sentence="A messageId of more than 100 characters is cut.",
        source=("assumption",),
        make=mending("messageId", lambda given: isinstance(given, str) and len(given) > 100, lambda given: given[:100]),
        witness=takes(f"{ITEM}.destinations[0].messageId", "x" * 101),
    ),
    fault(
        id="takes-weeks",
        rule="valid.time-unit",
        sentence="The timeUnit may be week.",
        source=IVR_SOURCES,
        make=mending("timeUnit", lambda given: given == "week", "day"),
        witness=takes(f"{ITEM}.sendingSpeed", {"speed": 10, "timeUnit": "week"}),
    ),
    fault(
        id="takes-capital-units",
        rule="valid.time-unit",
        sentence="The timeUnit may be in capital letters.",
        source=IVR_SOURCES,
        make=mending("timeUnit", is_text("[A-Z]+"), str.lower),
        witness=takes(f"{ITEM}.sendingSpeed", {"speed": 10, "timeUnit": "HOUR"}),
    ),
    fault(
        id="takes-plain-pushes",
        rule="valid.notify-type",
        sentence="The notifyContentType may be text/plain.",
        source=BOTH_SOURCES,
        make=mending("notifyContentType", lambda given: given == "text/plain", ABSENT),
        witness=takes(f"{ITEM}.notifyContentType", "text/plain"),
    ),
    fault(
        id="takes-text-xml-pushes",
        rule="valid.notify-type",
        sentence="The notifyContentType of a click to call may be text/xml.",
        source=("ctc",),
        make=mending("notifyContentType", lambda given: given == "text/xml", "application/xml"),
        witness=takes(f"{ITEM}.notifyContentType", "text/xml", operation=CTC),
    ),
    fault(
        id="takes-ftp",
        rule="valid.notify-url",
        sentence="The notifyUrl may be of FTP.",
        source=("assumption",),
        make=mending("notifyUrl", is_text("ftp:.*"), ABSENT),
        witness=takes(f"{ITEM}.notifyUrl", "ftp://127.0.0.1/x"),
    ),
    fault(
        id="takes-relative-url",
        rule="valid.notify-url",
        sentence="The notifyUrl may lack its scheme.",
        source=("assumption",),
        make=mending("notifyUrl", is_text(r"[^:]+"), ABSENT),
        witness=takes(f"{ITEM}.notifyUrl", "127.0.0.1/x"),
    ),
    fault(
        id="takes-dates",
        rule="valid.send-at",
        sentence="A sendAt may be a date without a time.",
        source=IVR_SOURCES,
        make=mending("sendAt", is_text(r"\d{4}-\d\d-\d\d"), AT),
        witness=takes(f"{ITEM}.sendAt", "2016-07-07"),
    ),
    fault(
        id="takes-no-offset",
        rule="valid.send-at",
        sentence="A sendAt without an offset is accepted.",
        source=IVR_SOURCES,
        make=mending("sendAt", is_text(r"\d{4}-\d\d-\d\dT[\d:.]+"), AT),
        witness=takes(f"{ITEM}.sendAt", "2016-07-07T17:00:00.000"),
    ),
    fault(
        id="takes-february-30",
        rule="valid.send-at",
        sentence="A sendAt on a day that does not exist means a day later.",
        source=IVR_SOURCES,
        make=mending("sendAt", _rolled, AT),
        witness=takes(f"{ITEM}.sendAt", "2016-02-30T17:00:00.000+01:00"),
    ),
    fault(
        id="takes-milliseconds",
        rule="valid.type",
        sentence="A sendAt may be a count of milliseconds.",
        source=IVR_SOURCES,
        make=mending("sendAt", lambda given: isinstance(given, int), AT),
        witness=takes(f"{ITEM}.sendAt", 1467907200000),
    ),
    fault(
        id="takes-spaced-dates",
        rule="valid.send-at",
        sentence="A sendAt may have a space for its T.",
        source=IVR_SOURCES,
        make=mending("sendAt", is_text(r"\d{4}-\d\d-\d\d .*"), AT),
        witness=takes(f"{ITEM}.sendAt", "2016-07-07 17:00:00.000+01:00"),
    ),
)
