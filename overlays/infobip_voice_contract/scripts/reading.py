"""Scripts about reports: drained once, filtered, limited, refused, and read by several at once."""

from typing import Final

from infobip_voice_contract import credentials
from infobip_voice_contract.driver import Flow, Together, Wait
from infobip_voice_contract.scripts.script import Script
from infobip_voice_contract.stage import CTC, Stage

__all__ = ["SCRIPTS"]


def _drained(stage: Stage) -> Flow:
    bulk = stage.id()
    yield stage.post(stage.ivr(3, bulk=bulk, ids=[stage.id(), None, stage.id()]))
    yield Wait()
    yield stage.get(bulkId=bulk)
    yield stage.get(bulkId=bulk)
    yield stage.get(bulkId=bulk, accept="application/xml")


def _drained_in_xml(stage: Stage) -> Flow:
    bulk, other = stage.id(), stage.id("<&>")
    yield stage.post(stage.ivr(2, bulk=bulk, callbackData="x"), form="xml")
    yield stage.post(stage.ctc(2, bulk=other, ids=[stage.id("ü😀"), None]), CTC, form="xml")
    yield Wait()
    for each in (bulk, other):
        yield stage.get(bulkId=each, accept="application/xml")
        yield stage.get(bulkId=each, accept="application/xml")


def _two_bulks(stage: Stage) -> Flow:
    one, other = stage.id(), stage.id()
    yield stage.post(stage.ivr(2, bulk=one))
    yield stage.post(stage.ctc(2, bulk=other), CTC)
    yield Wait()
    yield stage.get(bulkId=stage.id())
    yield stage.get(bulkId=one)
    yield stage.get(bulkId=other)
    yield stage.get(bulkId=one)


def _alike_bulks(stage: Stage) -> Flow:
    """Names that begin alike, or differ in case or marks alone, are those of different calls."""
    name = stage.id("Bulk")
    yield stage.post(stage.ivr(1, bulk=name, ids=[f"{name}-e"]))
    yield stage.post(stage.ivr(1, bulk=f"{name}-2", ids=[f"{name}-é"]))
    yield stage.post(stage.ivr(1, bulk=name.swapcase(), ids=[f"{name}-e".swapcase()]))
    yield Wait()
    yield stage.get(bulkId=name)
    yield stage.get(bulkId=f"{name}-2")
    yield stage.get(bulkId=name.swapcase())


_LONG: Final = "é" * 70
"""With percents, more than some servers read of a line."""
_AWKWARD: Final = ("é", "%41", "a+b", "a b", "a&b=c", "a#b", "a;b", "a/b", "a_", "ab", "a%", "*", "'", "\\")
"""What an id may have in it, and a careless server takes for something else in a query."""


def _awkward_ids(stage: Stage) -> Flow:
    bulks = [f"{stage.id()}-{text}" for text in (*_AWKWARD, _LONG)]
    alike = stage.id()
    bulks += [f"{alike}-{text}" for text in ("ab", "a_", "a%")]
    for bulk in bulks:
        yield stage.post(stage.ivr(1, bulk=bulk, ids=[f"{bulk}-m"]))
    yield Wait()
    for index, bulk in enumerate(bulks):
        yield stage.get(bulkId=bulk) if index % 2 else stage.get(messageId=f"{bulk}-m")
    for bulk in bulks[-3:][::-1]:
        yield stage.get(bulkId=bulk)


def _oldest(stage: Stage) -> Flow:
    """Two launches into one bulk, one after the other's report is there, read one by one."""
    bulk, first = stage.id(), stage.id()
    yield stage.post(stage.ivr(1, bulk=bulk, ids=[first]))
    yield Wait(1.0)
    yield stage.post(stage.ivr(1, bulk=bulk))
    yield Wait()
    yield stage.get(bulkId=bulk, limit=1)
    yield stage.get(bulkId=bulk, limit=1)


def _by_message(stage: Stage) -> Flow:
    bulk, ids = stage.id(), [stage.id(), stage.id(), stage.id()]
    yield stage.post(stage.ivr(3, bulk=bulk, ids=ids))
    yield Wait()
    yield stage.get(messageId=stage.id())
    yield stage.get(messageId=ids[1])
    yield stage.get(messageId=ids[1])
    yield stage.get(bulkId=bulk)


def _both_filters(stage: Stage) -> Flow:
    one, other, first, second = stage.id(), stage.id(), stage.id(), stage.id()
    yield stage.post(stage.ivr(1, bulk=one, ids=[first]))
    yield stage.post(stage.ivr(1, bulk=other, ids=[second]))
    yield Wait()
    yield stage.get(bulkId=one, messageId=second)
    yield stage.get(bulkId=other, messageId=first)
    yield stage.get(bulkId=one, messageId=first)
    yield stage.get(messageId=second)


def _limited(stage: Stage) -> Flow:
    bulk = stage.id()
    yield stage.post(stage.ivr(5, bulk=bulk))
    yield Wait()
    for limit in (1, 2, 2, 1):
        yield stage.get(bulkId=bulk, limit=limit)


def _limited_in_xml(stage: Stage) -> Flow:
    bulk = stage.id()
    yield stage.post(stage.ctc(3, bulk=bulk), CTC)
    yield Wait()
    for limit in (2, 2, 2):
        yield stage.get(bulkId=bulk, limit=limit, accept="application/xml")


def _pages(stage: Stage) -> Flow:
    bulk = stage.id()
    yield stage.post(stage.ivr(120, bulk=bulk))
    yield Wait()
    for _ in range(4):
        yield stage.get(bulkId=bulk)


def _large_page(stage: Stage) -> Flow:
    bulk = stage.id()
    yield stage.post(stage.ivr(110, bulk=bulk))
    yield Wait()
    for _ in range(2):
        yield stage.get(bulkId=bulk, limit=100)


def _refused_reads(stage: Stage) -> Flow:
    bulk, message = stage.id(), stage.id()
    yield stage.post(stage.ivr(3, bulk=bulk, ids=[message]))
    yield Wait()
    yield stage.get(bulkId=bulk, limit=1)
    yield stage.get(bulkId=bulk, authorization=None)
    yield stage.get(bulkId=bulk, authorization=credentials.UNKNOWN_USER)
    yield stage.get(bulkId=bulk, accept="text/html")
    yield stage.get(bulkId=bulk, limit=0)
    yield stage.get(query=f"bulkId={bulk}&surprise=1")
    yield stage.get(query=f"bulkId={bulk}&bulkId={bulk}")
    yield stage.get(messageId=message, limit="x")
    yield stage.get(bulkId=bulk)
    yield stage.get(bulkId=bulk, limit=0)
    yield stage.get(bulkId=bulk)
    yield stage.get(bulkId=bulk, authorization=None)
    yield stage.get(bulkId=bulk)
    yield stage.get(bulkId=bulk, accept="text/html")
    yield stage.get(bulkId=bulk)


def _other_methods(stage: Stage) -> Flow:
    """A method that the path does not have takes nothing of what a page has left."""
    bulks = {method: stage.id() for method in ("HEAD", "DELETE", "POST", "PUT")}
    for bulk in bulks.values():
        yield stage.post(stage.ivr(3, bulk=bulk))
    yield Wait()
    for method, bulk in bulks.items():
        yield stage.get(bulkId=bulk, limit=1)
        yield stage.get(bulkId=bulk, method=method)
        yield stage.get(bulkId=bulk)


def _refused_launches(stage: Stage) -> Flow:
    """The ids of refused launches are free: the same launch, put right, is accepted."""
    for path, launch in (("/voice/ivr/1/messages", stage.ivr), (CTC, stage.ctc)):
        bulk = stage.id()
        document = launch(2, bulk=bulk, ids=[stage.id(), stage.id()])
        yield stage.post(document, path, authorization=None)
        yield stage.post(document, path, authorization=credentials.UNKNOWN_USER)
        yield stage.post(document, path, accept="text/html")
        yield stage.post(document, path, content_type="text/plain")
        yield stage.post({**document, "surprise": 1}, path)
        yield stage.post(document, f"{path}?surprise=1")
        wrong = {"destinations": [*document["messages"][0].get("destinations", ()), {"to": "abc"}]}
        broken = {"messages": [{**document["messages"][0], **(wrong if path != CTC else {"destinationB": "abc"})}]}
        yield stage.post(broken, path)
        second = {**document["messages"][-1], ("destinationA" if path == CTC else "scenarioId"): ""}
        yield stage.post({**document, "messages": [*document["messages"], second]}, path)
        yield stage.post(document, path)
        yield Wait()
        yield stage.get(bulkId=bulk)


def _unfiltered(stage: Stage) -> Flow:
    # It takes the reports of all: the other scripts, which wait twice at most, come first.
    yield Wait()
    yield Wait()
    yield stage.post(stage.ivr(4, ids=[stage.id()]))
    yield stage.post(stage.ctc(1, ids=[stage.id()]), CTC)
    yield Wait()
    for limit in (2, 1000, 1000):
        if stage.may_read_all:
            yield stage.get(limit=limit)


def _rejected(stage: Stage) -> Flow:
    bulk, message = stage.id(), stage.id()
    yield stage.post(stage.ivr(3, bulk=bulk, ids=[message, stage.id(), message]))
    yield stage.post(stage.ivr(2, bulk=stage.id(), ids=[message, stage.id()]))
    yield stage.post(stage.ctc(2, bulk=stage.id(), ids=[message, stage.id()]), CTC)
    yield Wait()
    yield stage.get(messageId=message)
    yield stage.post(stage.ivr(1, bulk=stage.id(), ids=[message]))
    yield Wait()
    yield stage.get(messageId=message)
    yield stage.get(bulkId=bulk)


def _readers(stage: Stage) -> Flow:
    bulk = stage.id()
    yield stage.post(stage.ivr(24, bulk=bulk))
    yield Wait()
    for _ in range(3):
        yield Together(tuple(stage.get(bulkId=bulk, limit=4) for _ in range(4)))
    yield stage.get(bulkId=bulk)


def _readers_of_one(stage: Stage) -> Flow:
    ids = [stage.id() for _ in range(6)]
    yield stage.post(stage.ivr(6, bulk=stage.id(), ids=ids))
    yield Wait()
    for message in ids:
        yield Together(tuple(stage.get(messageId=message) for _ in range(6)))


def _launches_of_one(stage: Stage) -> Flow:
    for _ in range(4):
        message = stage.id()
        yield Together(tuple(stage.post(stage.ivr(1, bulk=stage.id(), ids=[message])) for _ in range(4)))
    yield Wait()
    yield stage.get(messageId=message)  # pyright: ignore[reportPossiblyUnboundVariable]


def _launches_without_ids(stage: Stage) -> Flow:
    for _ in range(2):
        yield Together(tuple(stage.post(stage.ivr(3)) for _ in range(6)))
    yield stage.post(stage.ctc(3), CTC)


SCRIPTS: Final = (
    Script("a launch drained once", _drained, ("launch", "read")),
    Script("launches in XML drained in XML", _drained_in_xml, ("launch", "read")),
    Script("two launches, read one by one", _two_bulks, ("launch", "read")),
    Script("launches with names that are alike", _alike_bulks, ("launch", "read")),
    Script("ids that are awkward in a query", _awkward_ids, ("launch", "read")),
    Script("two reports of different age", _oldest, ("launch", "read")),
    Script("one message out of three", _by_message, ("launch", "read")),
    Script("both filters at once", _both_filters, ("launch", "read")),
    Script("five reports in pages of two", _limited, ("launch", "read")),
    Script("three reports in pages of two, in XML", _limited_in_xml, ("launch", "read")),
    Script("120 reports without a limit", _pages, ("launch", "read")),
    Script("110 reports in pages of 100", _large_page, ("launch", "read")),
    Script("refused requests for reports", _refused_reads, ("launch", "read")),
    Script("other methods before GET", _other_methods, ("launch", "read")),
    Script("refused launches, then put right", _refused_launches, ("launch", "read")),
    Script("messageIds used again", _rejected, ("launch", "read")),
    Script("four readers at once", _readers, ("launch", "read")),
    Script("six readers of one report", _readers_of_one, ("launch", "read")),
    Script("four launches of one messageId at once", _launches_of_one, ("launch", "read")),
    Script("six launches at once, without ids", _launches_without_ids, ("launch",)),
    Script("reports without a filter", _unfiltered, ("launch", "read"), ready=lambda stage: stage.may_read_all),
)
