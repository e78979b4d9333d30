"""What is valid in a click to call and is refused, or the other way round."""

from typing import Final

from infobip_voice_contract.faults.edits import ABSENT, items_of, mending, refusing, some_item
from infobip_voice_contract.faults.strict.words import ITEM, fault, has, refuses
from infobip_voice_contract.faults.witness import launched
from infobip_voice_contract.stage import CTC

__all__ = ["CLICKS"]


CLICKS: Final = (
    fault(
        id="no-silence",
        group="ctc",
        rule="ctc.nothing-to-play",
        sentence="A click to call with nothing to play is refused.",
        source=("assumption",),
        make=refusing(
            lambda request: (
                request.path == CTC
                and any("text" not in item and "audioFileUrl" not in item for item in items_of(request))
            )
        ),
        witness=refuses("bulkId", "x", operation=CTC),
    ),
    fault(
        id="no-default-language",
        group="ctc",
        rule="ctc.language",
        sentence="A text without a language is refused.",
        source=("platform-2026",),
        make=refusing(some_item(lambda item: item.get("text") and "language" not in item)),
        witness=refuses(f"{ITEM}.text", "x", operation=CTC),
    ),
    fault(
        id="click-pace-ignored",
        group="ctc",
        rule="ctc.own-members",
        sentence="A click to call may have a sendingSpeed, which is ignored.",
        advice="Pace clicks to call yourself: they are made at once.",
        source=("assumption",),
        make=mending(
            "sendingSpeed", lambda given: given is not ABSENT, ABSENT, within=lambda request: request.path == CTC
        ),
        witness=launched(lambda answer: answer.status == 200, path=CTC, sendingSpeed={"speed": 1, "timeUnit": "hour"}),
    ),
    fault(
        id="no-anonymity",
        group="ctc",
        rule="ctc.anonymization",
        sentence="A click to call with anonymization is refused.",
        source=("ctc",),
        make=refusing(has("anonymization", lambda given: given is True)),
        witness=refuses(f"{ITEM}.anonymization", True, operation=CTC),
    ),
    fault(
        id="no-anonymity-with-b",
        group="ctc",
        rule="ctc.anonymization",
        sentence="anonymization beside fromB is refused.",
        source=("ctc",),
        make=refusing(some_item(lambda item: "anonymization" in item and "fromB" in item)),
        witness=refuses(
            ITEM,
            {
                "from": "41793026700",
                "fromB": "41793026701",
                "destinationA": "999100000001",
                "destinationB": "999100000002",
                "anonymization": True,
            },
            operation=CTC,
        ),
    ),
    fault(
        id="no-durations",
        group="ctc",
        rule="ctc.durations",
        sentence="A click to call with maxDuration and warningTime is refused.",
        source=("ctc",),
        make=refusing(some_item(lambda item: 0 < item.get("warningTime", 0) < item.get("maxDuration", 0))),
        witness=refuses(
            ITEM,
            {
                "from": "41793026700",
                "destinationA": "999100000001",
                "destinationB": "999100000002",
                "maxDuration": 60,
                "warningTime": 5,
            },
            operation=CTC,
        ),
    ),
)
