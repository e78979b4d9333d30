"""Preparing a launch: its ids, its parts, and the words of what cannot be prepared."""

from copy import deepcopy
from itertools import count
from typing import Any

import pytest

from infobip_voice import Prepared, Window
from infobip_voice._exchange import Setup
from infobip_voice._prepared import prepare_click_to_call, prepare_ivr
from infobip_voice_client.models import (
    ClickToCallLaunchRequest,
    IvrDestination,
    IvrLaunchRequest,
    IvrMessage,
    SendingSpeed,
    Voice,
)  # fmt: skip

NUMBERS = [str(41793026700 + number) for number in range(50)]


def setup(**more: Any) -> Setup:
    numbers = count(1)
    return Setup(new_id=lambda: f"id-{next(numbers)}", **more)


def ivr(request: Any = None, *, duplicates: Any = "refuse", wire_format: str = "json", **options: Any) -> Any:
    return prepare_ivr(request, options, duplicates, setup(wire_format=wire_format))


def click_to_call(request: Any = None, *, duplicates: Any = "refuse", wire_format: str = "json", **options: Any) -> Any:
    return prepare_click_to_call(request, options, duplicates, setup(wire_format=wire_format))


def message(*numbers: str, **members: Any) -> dict[str, Any]:
    return {"scenarioId": "s", "destinations": [{"to": number} for number in numbers], **members}


PAIR = {"from": "41793026700", "destinationA": NUMBERS[1], "destinationB": NUMBERS[2]}


def test_ids_are_made_for_what_has_none() -> None:
    """One for each call, in order, and one for the launch; what is given stays."""
    prepared = ivr(scenario_id="s", to=[NUMBERS[0], IvrDestination(NUMBERS[1], "mine"), NUMBERS[2]])
    assert (prepared.bulk_id, prepared.message_ids) == ("id-3", ("id-1", "mine", "id-2"))
    prepared = ivr({"bulkId": "bulk", "messages": [message(NUMBERS[0]), message(NUMBERS[0])]})
    assert (prepared.bulk_id, prepared.message_ids) == ("bulk", ("id-1", "id-2"))
    prepared = click_to_call({"messages": [{**PAIR, "messageId": "mine"}, {**PAIR, "destinationA": NUMBERS[3]}]})
    assert (prepared.bulk_id, prepared.message_ids) == ("id-2", ("mine", "id-1"))
    prepared = click_to_call({"bulkId": "bulk", "messages": [PAIR]})
    assert (prepared.bulk_id, prepared.message_ids) == ("bulk", ("id-1",))
    assert repr(prepared) == "Prepared(bulk_id='bulk', requests=1, calls=1)"


@pytest.mark.parametrize(
    ("calls", "sizes"),
    [
        ([3], [[3]]),
        ([4], [[3], [1]]),
        ([7], [[3], [3], [1]]),
        ([2, 1, 1], [[2, 1], [1]]),
        ([2, 2], [[2], [2]]),
        ([1, 4], [[1], [3], [1]]),
        ([4, 2, 1], [[3], [1, 2], [1]]),
    ],
)
def test_a_launch_is_split_where_a_request_is_full(
    calls: list[int], sizes: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request holds so many calls; a message is split only if it is larger than a request."""
    monkeypatch.setattr("infobip_voice._prepared._MAX_DESTINATIONS", 3)
    prepared = ivr({"messages": [message(*NUMBERS[:size]) for size in calls]})
    assert [[len(part.destinations) for part in request.messages] for request in prepared.requests] == sizes
    assert prepared.message_ids == tuple(f"id-{number}" for number in range(1, sum(calls) + 1))
    assert {request.bulk_id for request in prepared.requests} == {f"id-{sum(calls) + 1}"}


def test_a_paced_message_is_not_split(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as a request holds are sent at the pace; one more would be two paces at once."""
    monkeypatch.setattr("infobip_voice._prepared._MAX_DESTINATIONS", 3)
    paced = message(*NUMBERS[:3], sendingSpeed={"speed": 1, "timeUnit": "hour"})
    assert len(ivr({"messages": [paced]}).message_ids) == 3
    with pytest.raises(ValueError, match="sending_speed") as caught:
        ivr({"messages": [message(*NUMBERS[:4], sendingSpeed={"speed": 1, "timeUnit": "hour"})]})
    assert str(caught.value) == "more than 3 destinations with a sending_speed: launch them in batches"


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (
            lambda: ivr({"messages": [message(NUMBERS[0])]}, scenario_id="s", to=NUMBERS[0]),
            TypeError,
            "give either a whole request or the arguments of one message (scenario_id, to)",
        ),
        (
            lambda: click_to_call({"messages": [PAIR]}, text="Hello"),
            TypeError,
            "give either a whole request or the arguments of one message (text)",
        ),
        (lambda: ivr(5), ValueError, "request: expected IvrLaunchRequest or a mapping, found int"),
        (
            lambda: click_to_call(IvrLaunchRequest([IvrMessage("s", [IvrDestination("1")])])),
            ValueError,
            "request: expected ClickToCallLaunchRequest or a mapping, found IvrLaunchRequest",
        ),
        (lambda: ivr(IvrLaunchRequest([])), ValueError, "messages: must not be empty"),
        (lambda: ivr({"messages": []}), ValueError, "messages: must not be empty"),
        (lambda: ivr(duplicates="allow", scenario_id="s", to=NUMBERS[0]), ValueError,
         "duplicates: expected 'call' or 'refuse', found another str"),
        (lambda: click_to_call(PAIR, duplicates=None), ValueError,
         "duplicates: expected 'call' or 'refuse', found None"),
        (lambda: Prepared((IvrLaunchRequest([IvrMessage("s", [IvrDestination("1", "m")])], "a"),
                           IvrLaunchRequest([IvrMessage("s", [IvrDestination("1", "n")])], "b"))), ValueError,
         "requests: expected one kind and one bulk id, found several"),
        (lambda: Prepared((IvrLaunchRequest([IvrMessage("s", [IvrDestination("1")])], "a"),)), ValueError,
         "requests: an id is missing; `prepare` fills them in"),
        (lambda: Prepared((IvrLaunchRequest([IvrMessage("s", [IvrDestination("1", "m")])]),)), ValueError,
         "requests: an id is missing; `prepare` fills them in"),
        (lambda: Prepared((IvrLaunchRequest([IvrMessage("s", [IvrDestination("1", each) for each in "xyzy"])], "a"),)),
         ValueError, "the message id 'y' comes twice"),
        (lambda: Prepared.loads('[{"a": 1, "a": 2}]'), ValueError,
         "text: this is not what `dumps` returned (ValueError: a member comes twice in one object)"),
    ],
)  # fmt: skip
def test_the_words_of_what_cannot_be_prepared(make: Any, error: type[Exception], words: str) -> None:
    """Each says what is wrong and where."""
    with pytest.raises(error, match=r".") as caught:
        make()
    assert str(caught.value) == words


def test_a_request_that_nests_too_deeply_is_refused() -> None:
    """By the name of the argument, or by the place in what was stored."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match=r"^request: it nests too deeply$"):
        ivr({"messages": deep})


@pytest.mark.parametrize("kind", ["scenarioId", "destinations"])
def test_what_was_stored_of_an_ivr_is_read_as_one(kind: str) -> None:
    """One of the members that only its messages have is enough, and the other one is missed."""
    stored = ivr({"bulkId": "b", "messages": [message(NUMBERS[0])]}).dumps()
    with pytest.raises(ValueError, match=rf"^text\[0\]\.messages\[0\]\.{kind}: expected .*, found nothing") as caught:
        Prepared.loads(stored.replace(f'"{kind}"', '"x"'))
    assert "destinationA" not in str(caught.value)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([NUMBERS[0], f"00{NUMBERS[0]}"], "to[0] and to[1] are *********00"),
        ([NUMBERS[0], NUMBERS[1], f"+{NUMBERS[0]}", f"+{NUMBERS[1]}"],
         "to[0] and to[2] are *********00; to[1] and to[3] are *********01"),
        ([NUMBERS[0]] * 20, f"{' and '.join(f'to[{at}]' for at in range(20))} are *********00"),
        ([NUMBERS[0]] * 21, f"{' and '.join(f'to[{at}]' for at in range(20))} and 1 more are *********00"),
    ],
)  # fmt: skip
def test_the_words_of_duplicates(numbers: list[str], words: str) -> None:
    """Each number, masked, with the places where it stands, of which twenty are named."""
    with pytest.raises(ValueError, match="same call") as caught:
        ivr(scenario_id="s", to=numbers)
    assert str(caught.value) == f"the same call twice, which only duplicates='call' allows: {words}"
    assert len(ivr(scenario_id="s", to=numbers, duplicates="call").message_ids) == len(numbers)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (NUMBERS[0], f"+{NUMBERS[0]}", True),
        (NUMBERS[0], f"00{NUMBERS[0]}", True),
        ("0793026727", "0793026727", True),
        ("0793026727", "793026727", False),
        ("٤١٧٩٣٠٢٦٧٢٧", "41793026727", False),
    ],
)
def test_numbers_of_a_whole_request_are_compared_by_their_digits(first: str, second: str, same: bool) -> None:
    """If they can be read; otherwise as they are written, which is how they are sent."""
    request = IvrLaunchRequest([IvrMessage("s", [IvrDestination(first), IvrDestination(second)])])
    if same:
        with pytest.raises(ValueError, match=r"messages\[0\]\.destinations\[0\]\.to and messages\[0\]\.dest"):
            ivr(request)
    else:
        assert [call.to for call in ivr(request).requests[0].messages[0].destinations] == [first, second]


def test_the_duplicates_of_every_message_are_named() -> None:
    """Not only those of the last one."""
    with pytest.raises(ValueError, match="same call") as caught:
        ivr({"messages": [message(NUMBERS[0], NUMBERS[0]), message(NUMBERS[1]), message(NUMBERS[0], NUMBERS[0])]})
    assert str(caught.value) == (
        "the same call twice, which only duplicates='call' allows: "
        "messages[0].destinations[0].to and messages[0].destinations[1].to are *********00; "
        "messages[2].destinations[0].to and messages[2].destinations[1].to are *********00"
    )


@pytest.mark.parametrize(("launch", "call"), [(ivr, message(NUMBERS[0])), (click_to_call, PAIR)])
def test_in_xml_the_form_of_every_member_of_a_whole_request_has_to_be_known(launch: Any, call: Any) -> None:
    """Nobody knows how a list would look there; JSON has one form for all."""
    request = {"messages": [{**call, "later": ["a", "b"]}]}
    launch(request, wire_format="json")
    with pytest.raises(ValueError, match=r"messages\[0\]\.later"):
        launch(request, wire_format="xml")


def test_the_words_of_a_pair_that_comes_twice() -> None:
    """Both numbers are masked."""
    with pytest.raises(ValueError, match="same call") as caught:
        click_to_call({"messages": [PAIR, {**PAIR, "messageId": "other"}]})
    assert str(caught.value) == (
        "the same call twice, which only duplicates='call' allows: "
        "messages[0] and messages[1] are *********01 to *********02"
    )


def test_a_model_is_copied() -> None:
    """What the caller does with it afterwards changes nothing here."""
    call = IvrDestination(NUMBERS[0])
    request = IvrLaunchRequest([IvrMessage("s", [call])])
    prepared = ivr(request)
    call.to = NUMBERS[1]
    request.messages.clear()
    assert [each.to for each in prepared.requests[0].messages[0].destinations] == [NUMBERS[0]]
    pairs = ClickToCallLaunchRequest.from_dict({"messages": [PAIR]})
    prepared = click_to_call(pairs)
    pairs.messages[0].destination_a = NUMBERS[5]
    assert prepared.requests[0].messages[0].destination_a == NUMBERS[1]


def test_what_an_option_was_given_stays_the_callers() -> None:
    """Nothing that a caller can change afterwards is in a prepared launch, and giving ids changes
    nothing of the caller's.
    """
    speed, voice = SendingSpeed(10, "hour"), Voice("female")
    to, days, parameters = [IvrDestination(NUMBERS[1])], ["MONDAY"], {"a": "b"}
    mine: list[Any] = [speed, voice, to, days, parameters]
    before = deepcopy(mine)
    window = Window(days)  # type: ignore[arg-type]
    prepared = [
        ivr(scenario_id="s", to=to, sending_speed=speed, parameters=parameters, window=window),
        click_to_call(destination_a=NUMBERS[1], destination_b=NUMBERS[2], from_=NUMBERS[0], voice=voice),
    ]
    assert mine == before
    texts = [each.dumps() for each in prepared]
    speed.speed, voice.name, to[0].to, days[0], parameters["a"] = 11, "Vicki", "1", "SUNDAY", "c"
    speed.additional_properties["new"] = voice.additional_properties["new"] = 1
    assert [each.dumps() for each in prepared] == texts
