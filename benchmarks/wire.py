"""Print what the XML codec costs for 10,000 reports, as a multiple of `lxml.etree.fromstring`.

    python benchmarks/wire.py [ROUNDS]

The figures include freeing the results.
"""

import gc
import sys
from collections.abc import Callable
from time import process_time
from typing import Any

from lxml import etree

from infobip_voice_wire import xml

REPORT: dict[str, Any] = {
    "bulkId": "8c20f086-d82b-48cc-b2b3-3ca5f7aca9fb",
    "messageId": "ff4804ef-6ab6-4abd-984d-ab3b1387e852",
    "to": "385981178",
    "sentAt": "2015-02-12T09:58:20.323+0100",
    "doneAt": "2015-02-12T09:58:20.337+0100",
    "duration": 10,
    "mccMnc": "21901",
    "dtmfCodes": "1",
    "recordedAudioFileUrl": "https://api.infobip.com/tts/3/files/ff4804ef-6ab6-4abd-984d-ab3b1387e852/385981178",
    "price": {"pricePerSecond": 0.01, "currency": "EUR"},
    "status": {
        "groupId": 3,
        "groupName": "DELIVERED",
        "id": 5,
        "name": "DELIVERED_TO_HANDSET",
        "description": "Message delivered to handset",
    },
    "error": {
        "groupId": 0,
        "groupName": "OK",
        "id": 5000,
        "name": "VOICE_ANSWERED",
        "description": "Call answered by human",
        "permanent": True,
    },
}


def document(count: int) -> tuple[dict[str, Any], bytes]:
    """Return a page of so many reports, and the same in XML."""
    value = {"results": [{**REPORT, "messageId": f"{index:036}"} for index in range(count)]}
    return value, xml.encode(value, "VoiceReportResponse")


def rounds_of(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the CPU seconds of each task in each round.

    The tasks take turns, so a slow moment of the machine hits all of them alike.

    Freeing the result is part of a task. glibc merges small freed blocks only at the next large
    allocation, so each timing ends with one. Without it, a task pays for the memory of the task
    before it: the ratio of `decode` was 4.3 to 6.2, depending on the order of the tasks.
    """
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            gc.collect()
            start = process_time()
            task()
            bytearray(100_000)
            spent[name].append(process_time() - start)
    return spent


def main(rounds: int) -> None:
    """Print each task as a multiple of parsing the same document."""
    value, compact = document(10_000)
    tree = etree.fromstring(compact)
    etree.indent(tree)
    indented = etree.tostring(tree)
    del tree
    tasks: dict[str, Callable[[], object]] = {
        "fromstring, compact": lambda: etree.fromstring(compact),
        "decode, compact": lambda: xml.decode(compact, "VoiceReportResponse"),
        "encode": lambda: xml.encode(value, "VoiceReportResponse"),
        "fromstring, indented": lambda: etree.fromstring(indented),
        "decode, indented": lambda: xml.decode(indented, "VoiceReportResponse"),
    }
    base = 0.0
    for name, spent in rounds_of(tasks, rounds).items():
        seconds = min(spent)
        base = seconds if name.startswith("fromstring") else base
        print(f"{name:22} {seconds * 1000:8.1f} ms   {seconds / base:5.2f} x fromstring")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 7)
