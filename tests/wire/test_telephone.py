"""Telephone numbers as people write them become what the wire carries (ruling R2)."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice_wire.telephone import mask, mask_numbers, normalise, normalise_sender

PROFILE = settings(derandomize=True, deadline=None, database=None, max_examples=100)
DECORATION = [" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "-", "\N{NON-BREAKING HYPHEN}", "–", "—", ".", "/", "(", ")"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+385 98 111-222", "38598111222"),
        ("38598111222", "38598111222"),
        (" +385\N{NO-BREAK SPACE}(98) 111.222 ", "38598111222"),
        ("(+385) 98/111–222", "38598111222"),
        ("1-800-555-0199", "18005550199"),
        ("12345", "12345"),
        ("123456789012345", "123456789012345"),
    ],
)
def test_normalise(text: str, digits: str) -> None:
    """Decoration is removed; 5 to 15 digits are left."""
    assert normalise(text) == digits


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0038598111222", "'***********22' is not a telephone number that can be sent: write it with + and the country code instead of 00"),
        ("098 111 222", "'*** *** *22' is not a telephone number that can be sent: it begins with a zero; write it with + and the country code"),
        ("+385 (0)98 111222", "'+*** (*)** ****22' is not a telephone number that can be sent: leave out the (0), which is not dialled from abroad"),
        ("1234", "'**34' is not a telephone number that can be sent: it has 4 digits, and 5 to 15 are needed"),
        ("1234567890123456", "'**************56' is not a telephone number that can be sent: it has 16 digits, and 5 to 15 are needed"),
        ("", "'' is not a telephone number that can be sent: it has 0 digits, and 5 to 15 are needed"),
    ],
)  # fmt: skip
def test_refused(text: str, message: str) -> None:
    """A number that cannot be dialled is refused; the message gives advice and masks it."""
    with pytest.raises(ValueError, match=r".") as caught:
        normalise(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "text",
    ["385CALLNOW", "٣٨٥٩٨١١١٢٢٢", "３８５９８１１", "385²98111", "++38598111222", "385+98111222", "38598111222;1", "385\t98111", "tel:+38598111"],
)  # fmt: skip
def test_not_digits(text: str) -> None:
    """Letters, other scripts' digits and other characters are refused, in both functions."""
    reason = "only digits, one leading + and the decoration ( ) - . / and spaces are understood"
    for check in (normalise, lambda given: normalise_sender(given, 15)):
        with pytest.raises(ValueError, match=re.escape(f"can be sent: {reason}") + "$"):
            check(text)


def test_no_other_character_is_decoration() -> None:
    """Wherever it stands: it may be a letter of a keypad, or the separator of a second number."""
    number = "38598111222"
    for character in set(string.printable) - set(string.digits) - set("+ -./()"):
        for place in range(len(number) + 1):
            with pytest.raises(ValueError, match="only digits, one leading"):
                normalise(number[:place] + character + number[place:])


@pytest.mark.parametrize(
    ("text", "maximum", "digits"),
    [
        ("100", 14, "100"),
        ("0800 100", 14, "0800100"),
        ("+41 79 302 67 00", 15, "41793026700"),
        ("1" * 15, 15, "1" * 15),
    ],
)
def test_sender(text: str, maximum: int, digits: str) -> None:
    """A sender may be short and may begin with a zero."""
    assert normalise_sender(text, maximum) == digits


@pytest.mark.parametrize(
    ("text", "maximum", "reason"),
    [
        ("12", 14, "'12' .* it has 2 digits, and 3 to 14 are needed"),
        ("1" * 15, 14, "it has 15 digits, and 3 to 14 are needed"),
        ("1" * 16, 15, "it has 16 digits, and 3 to 15 are needed"),
        ("+44 (0)20 7946", 15, "leave out the"),
    ],
)
def test_sender_refused(text: str, maximum: int, reason: str) -> None:
    """The contract allows an IVR 14 digits and a click to call 15."""
    with pytest.raises(ValueError, match=reason):
        normalise_sender(text, maximum)


@given(digits=st.from_regex("[1-9][0-9]{4,14}", fullmatch=True), data=st.data())
@PROFILE
def test_decoration_makes_no_difference(digits: str, data: st.DataObject) -> None:
    """A decorated number gives the bare number, and a bare one itself."""
    gaps = data.draw(st.lists(st.sampled_from(["", *DECORATION]), min_size=len(digits), max_size=len(digits)))
    decorated = "+" + "".join(digit + gap for digit, gap in zip(digits, gaps, strict=True))
    if not re.search(r"\(\s*0+\s*\)", decorated):
        assert normalise(decorated) == digits
    assert normalise(digits) == digits


@given(text=st.text(st.sampled_from("0123456789+-() a٣"), max_size=20))
@PROFILE
def test_normal_or_refused(text: str) -> None:
    """What is not refused matches the contract; a refusal shows at most two digits."""
    try:
        assert re.fullmatch("[1-9][0-9]{4,14}", normalise(text))
    except ValueError as error:
        shown = str(error).partition(" is not a telephone number")[0]
        assert sum(character.isdigit() for character in shown) <= 2


@pytest.mark.parametrize(
    ("text", "masked"),
    [("38598111222", "*********22"), ("+385 98", "+*** 98"), ("12", "12"), ("123", "*23"), ("", ""), ("٣٨٥٩", "**٥٩")],
)
def test_mask(text: str, masked: str) -> None:
    """All but the last two digits are hidden."""
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("calls 38598111222, then +41793026727.", "calls *********22, then +*********27."),
        ("HTTP 404 after 1234 ms", "HTTP 404 after 1234 ms"),
        ("/tts/3/files/a/385981178", "/tts/3/files/a/*******78"),
        ("12345", "***45"),
        ("", ""),
    ],
)
def test_mask_numbers(text: str, masked: str) -> None:
    """Every run of five or more digits is hidden; shorter runs are not."""
    assert mask_numbers(text) == masked


@pytest.mark.parametrize(
    ("text", "ids", "masked"),
    [
        ("bulk 12345-12345-12345 failed", ["12345-12345-12345"], "bulk 12345-12345-12345 failed"),
        ("bulk 12345-12345-12346 failed", ["12345-12345-12345"], "bulk ***45-***45-***46 failed"),
        ("no report of 17380925828515475034410", ["17380925828515475034410"], "no report of 17380925828515475034410"),
        ("'order-20261121' and 20261121", ["order-20261121"], "'order-20261121' and ******21"),
        ("x12345 12345y", ["12345y", "", "mine"], "x***45 12345y"),
        ("12345-12345", ["7-12345", "12345-12345"], "12345-12345"),
        ("41793026727", ["79302"], "*********27"),
        ("2345", ["12345"], "2345"),
        ("23456", ["23456-23456"], "***56"),
        ("٤١٧٩٣٠٢", [], "*****٠٢"),
    ],
)
def test_an_id_stays_whole(text: str, ids: list[str], masked: str) -> None:
    """It stays where the text has all of it: the same digits elsewhere may be a number."""
    assert mask_numbers(text, ids) == masked


NAMES = st.text(st.sampled_from("123456789-ab"), min_size=1, max_size=12)


@given(names=st.lists(NAMES, max_size=3), number=st.from_regex("0[0-9]{6,14}", fullmatch=True), data=st.data())
@PROFILE
def test_only_ids_are_spared(names: list[str], number: str, data: st.DataObject) -> None:
    """In any text of ids and a number that is in none of them, the ids stay and the number goes."""
    words = data.draw(st.permutations([*names, number]))
    shown = mask_numbers(" ".join(words), names).split(" ")
    assert [word for word, given in zip(shown, words, strict=True) if given != number] == [
        given for given in words if given != number
    ]
    assert number not in shown
