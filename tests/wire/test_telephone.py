"""Telephone numbers as people write them become what the wire carries (rulings R2 and R24)."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infobip_voice_wire.telephone import mask, mask_numbers, normalise, normalise_sender
from wire.numbers import PEOPLE, STRANGERS

PROFILE = settings(derandomize=True, deadline=None, database=None, max_examples=100)
WRITTEN = [(text, digits) for numbers in PEOPLE.values() for text, digits in numbers.items()]


@pytest.mark.parametrize(("text", "digits"), WRITTEN, ids=ascii)
def test_people_are_dialled(text: str, digits: str) -> None:
    """What people write, in every country, is the number that they mean (ruling R24)."""
    assert normalise(text) == digits


@pytest.mark.parametrize("text", [text for texts in STRANGERS.values() for text in texts], ids=ascii)
def test_strangers_are_not(text: str) -> None:
    """What may be something else than one whole number is refused, and the message masks it."""
    with pytest.raises(ValueError, match="is not a telephone number that can be sent: ") as caught:
        normalise(text)
    shown = str(caught.value).partition(" is not a telephone number")[0]
    assert sum(character.isdigit() for character in shown) <= 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("098111222", "'*******22' is not a telephone number that can be sent: it begins with a zero; write it with + and the country code"),
        ("098 111 222", "'*** *** *22' is not a telephone number that can be sent: without + and the country code only digits are understood"),
        ("+385 (0)98 111222", "'+*** (*)** ****22' is not a telephone number that can be sent: leave out the (0), which is not dialled from abroad"),
        ("+41079302672", "'+*********72' is not a telephone number that can be sent: leave out the zero after +41, which is not dialled from abroad"),
        ("417930267270", "'**********70' is not a telephone number that can be sent: after +41 it has 10 digits, and such numbers have 9 there"),
        ("+49 3012", "'+** **12' is not a telephone number that can be sent: after +49 it has 4 digits, and such numbers have 5 to 13 there"),
        ("+447700", "'+****00' is not a telephone number that can be sent: after +44 it has 4 digits, and such numbers have 10 there"),
        ("2105550199", "'********99' is not a telephone number that can be sent: it begins with no country's calling code"),
        ("123456", "'****56' is not a telephone number that can be sent: it has 6 digits, and 7 to 15 are needed"),
        ("4930123456789012", "'**************12' is not a telephone number that can be sent: it has 16 digits, and 7 to 15 are needed"),
        ("+41793026727.0", "'+**********7.0' is not a telephone number that can be sent: a spreadsheet wrote it as a quantity; make the column a text, and export it again"),
        ("41793026727.0", "'**********7.0' is not a telephone number that can be sent: a spreadsheet wrote it as a quantity; make the column a text, and export it again"),
        ("+49 30 1234567/1", "'+** ** ******7/1' is not a telephone number that can be sent: what stands behind the / may be another number"),
        ("+49 30 1234.56", "'+** ** ****.56' is not a telephone number that can be sent: what stands behind the . may be a fraction"),
        ("+49301234567 1", "'+**********7 1' is not a telephone number that can be sent: something stands beside a whole number"),
        ("+4930123456 1", "'+*********6 1' is not a telephone number that can be sent: something stands beside a whole number"),
        ("+49 3012345 1", "'+** ******5 1' is not a telephone number that can be sent: its last 1 digit(s) stand alone, as an extension does"),
        ("+41 79 CALL", "'+** 79 CALL' is not a telephone number that can be sent: only digits are understood, and after + one space, or one of - . / or one pair of ( ) between them"),
        ("", "'' is not a telephone number that can be sent: there is none"),
    ],
)  # fmt: skip
def test_the_reason(text: str, message: str) -> None:
    """A refusal says what is wrong, and what to write instead where that is known."""
    with pytest.raises(ValueError, match=r".") as caught:
        normalise(text)
    assert str(caught.value) == message


SLASH, POINT = "what stands behind the / may be another number", "what stands behind the . may be a fraction"
BESIDE, ALONE = "something stands beside a whole number", r"its last [12] digit\(s\) stand alone"


@pytest.mark.parametrize(
    ("right", "digits", "wrong", "reason"),
    [
        ("+49 30/12345", "493012345", "+49 3012/3456", SLASH),  # the rest has five digits
        ("+49 33203/12345", "493320312345", "+49 332031/12345", SLASH),  # an area code has five at most
        ("+4930.12345", "493012345", "+4930.1234", POINT),
        ("+49 3012.345", "493012345", "+49 3012.34", POINT),  # deeper in a number a point groups three
        ("+49 1234567890", "491234567890", "+49 30 1234567890", BESIDE),  # ten stand behind the country alone
        ("+493012345 123", "493012345123", "+493012345 1", ALONE),
        ("+358 40-1234-56", "35840123456", "+358 40 1234-56", ALONE),  # behind the only dash two are too few
    ],
)  # fmt: skip
def test_how_far_a_mark_groups(right: str, digits: str, wrong: str, reason: str) -> None:
    """Beyond it, what stands behind may be another number, a fraction or an extension (R24)."""
    assert normalise(right) == digits
    with pytest.raises(ValueError, match=reason):
        normalise(wrong)


def test_no_other_character_is_decoration() -> None:
    """Within a number it may be a letter of a keypad, or the separator of a second number."""
    number = "38598111222"
    for character in set(string.printable) - set(string.digits):
        for place in range(1, len(number)):
            with pytest.raises(ValueError, match="is not a telephone number that can be sent: "):
                normalise(number[:place] + character + number[place:])


def test_nothing_but_one_space_follows_the_plus() -> None:
    """And nothing that is seen follows the last digit."""
    number = "38598111222"
    assert normalise(f"+ {number} ") == number
    wrong = [f"+{character}{number}" for character in set(string.printable) - set(string.digits) - {" "}]
    wrong += [f"+{number}{character}" for character in set(string.printable) - set(string.digits) - set(" \t\r\n")]
    for text in wrong:
        with pytest.raises(ValueError, match="is not a telephone number that can be sent: "):
            normalise(text)


@pytest.mark.parametrize(
    ("wrapped", "half"),
    [
        ('="\u200e\'+4930123456789\u200e"', '="+4930123456789'),
        ('\u2066="+4930123456789"\u2069', '+4930123456789"'),
        ("'\u200e+4930123456789", "+4930123456789'"),
        ("tel:\u200e+4930123456789", "+4930123456789:tel"),
        ("'tel:+4930123456789", "tel:'+4930123456789"),
    ],
    ids=ascii,
)
def test_what_wraps_a_number(wrapped: str, half: str) -> None:
    """It goes with what nobody sees inside of it; half of it is no wrapping."""
    assert normalise(wrapped) == "4930123456789"
    with pytest.raises(ValueError, match="is not a telephone number that can be sent: "):
        normalise(half)


@pytest.mark.parametrize("digits", ["2904567", "493012345678901"])
def test_seven_to_fifteen_digits_need_no_plus(digits: str) -> None:
    """Where the country has so short, or so long ones (ruling R24)."""
    assert normalise(digits) == digits


@pytest.mark.parametrize(
    ("text", "maximum", "digits"),
    [
        ("100", 14, "100"),
        ("0800 100", 14, "0800100"),
        ("+41 79 302 67 00", 15, "41793026700"),
        ("1" * 15, 15, "1" * 15),
        ("079 302-67-27", 14, "0793026727"),
        ("0041793026727", 14, "0041793026727"),
        ("(+41) 79 302 67 00", 15, "41793026700"),
        ("'100", 14, "100"),
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
        ("100.0", 15, "without"),
        ("0800 100 1", 15, "without"),
        ("+417930267270", 15, "after"),
        ("COMPANY", 11, "only digits"),
        ("", 11, "there is none"),
    ],
)
def test_sender_refused(text: str, maximum: int, reason: str) -> None:
    """The contract allows an IVR 14 digits and a click to call 15."""
    with pytest.raises(ValueError, match=reason):
        normalise_sender(text, maximum)


@given(
    text=st.one_of(
        st.text(st.sampled_from("0123456789+-() a٣"), max_size=20),
        st.from_regex(r"\+?[0-9][0-9 ./-]{5,18}", fullmatch=True),
    )
)
@PROFILE
def test_normal_or_refused(text: str) -> None:
    """What is not refused is the text's own digits; a refusal shows two of them at most."""
    try:
        digits = normalise(text)
    except ValueError as error:
        shown = str(error).partition(" is not a telephone number")[0]
        assert sum(character.isdigit() for character in shown) <= 2
    else:
        assert re.fullmatch("[1-9][0-9]{4,14}", digits)
        assert re.sub("[^0-9]", "", text).removeprefix("00") == digits


@given(
    case=st.sampled_from(WRITTEN),
    junk=st.sampled_from([".0", ",0", "/7", " x5", " 5", "-5", ";ext=5", " (5)", "E+10", ".00"]),
)
@PROFILE
def test_nobody_is_dialled_with_something_appended(case: tuple[str, str], junk: str) -> None:
    """A fraction, an extension or an alternative behind a number is no part of it."""
    with pytest.raises(ValueError, match="is not a telephone number"):
        normalise(case[0].strip() + junk)


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
