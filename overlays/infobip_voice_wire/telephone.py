"""Turn telephone numbers, as people write them, into the digits that the wire carries (R2).

The grammar is ruling R24. It refuses what it cannot be sure of. To delete whatever is no digit
would turn `41793026727.0`, as spreadsheets write a number, into the telephone of a stranger.
"""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from infobip_voice_wire.numbering import Plan, plan_of

__all__ = ["mask", "mask_numbers", "normalise", "normalise_sender"]

# What follows "port " in the words of a database is nobody's number.
_RUN: Final = re.compile(r"(?<!port )(?<!\d)\d{5,}|(?<=port )\d{6,}")

# Around a number: space, direction marks, and other characters that nobody sees.
_OUTSIDE: Final = "\t\n\r \xa0\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
# Spaces of all widths are one, and so are the dashes into which word processors turn "-".
_ALIKE: Final = {
    **dict.fromkeys(map(ord, "\xa0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-"),
}
_CODE_IN_PARENTHESES: Final = re.compile(r"^\((\+|00)([1-9][0-9]{0,3})\) ?")
_PREFIX: Final = re.compile(r"(?:\+|00) ?")
_PARENTHESES: Final = re.compile(r" ?-? ?\(([0-9]{1,5})\) ?-? ?(?=[0-9])")
_GROUPS: Final = re.compile(r"[0-9]+(?:(?: {1,2}| ?[-./] ?)[0-9]+)*")
_GROUP: Final = re.compile(r"([-./ ]*)([0-9]+)")
_SENDER: Final = re.compile(r"[0-9]+(?:[ -][0-9]{2,})*")
_SHORTENED: Final = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+|[0-9]+[.,][0-9]{1,3}")
# Where a number may end in "-" and the digits of an office in a company. Mobile numbers do not.
_OFFICES: Final = re.compile(r"43(?!6)|49(?!1[5-7])")


class _Group(NamedTuple):
    separator: str
    digits: str


def normalise(text: str) -> str:
    """Return the digits of a number in international form: `+385 98 111-222` gives `38598111222`.

    With `+` or `00` in front, the digits may be grouped as people group them. Without, nothing but
    digits is understood. Either way they begin with a country's calling code, and are as many as
    that country's numbers have (rulings R2 and R24).

    Raises:
        ValueError: the text is something else, or may be. The message masks the number.
    """
    bare = _CODE_IN_PARENTHESES.sub(r"\1\2 ", _unwrapped(text), count=1)
    if _SHORTENED.fullmatch(bare.removeprefix("+")):
        raise _refusal(text, "a spreadsheet wrote it as a quantity; make the column a text, and export it again")
    if prefix := _PREFIX.match(bare):
        return _grouped(text, bare[prefix.end() :])
    if not bare.isascii() or not bare.isdigit():
        raise _refusal(text, _why_not_digits(bare))
    if bare.startswith("0"):
        raise _refusal(text, "it begins with a zero; write it with + and the country code")
    if not 7 <= len(bare) <= 15:
        raise _refusal(text, f"it has {len(bare)} digits, and 7 to 15 are needed")
    _plan(text, bare)
    return bare


def normalise_sender(text: str, maximum: int) -> str:
    """Return the digits of a number that is shown to the called person; it may begin with zeros.

    Args:
        text: the number, as for `normalise`; without `+` it may be of any country, or short.
        maximum: the most digits: 14 for an outbound IVR, 15 for a click to call (ruling R2).

    Raises:
        ValueError: the rest is not 3 to `maximum` digits. The message masks the number.
    """
    bare = _unwrapped(text)
    if bare.startswith(("+", "(+")):
        digits = normalise(text)
    elif _SENDER.fullmatch(bare):
        digits = "".join(re.findall("[0-9]", bare))
    else:
        raise _refusal(text, _why_not_digits(bare))
    if not 3 <= len(digits) <= maximum:
        raise _refusal(text, f"it has {len(digits)} digits, and 3 to {maximum} are needed")
    return digits


def mask(text: str) -> str:
    """Return a text with all its digits but the last two as `*`: `38598111222`, `*********22`."""
    hidden = sum(character.isdigit() for character in text) - 2
    masked: list[str] = []
    for character in text:
        hide = character.isdigit() and hidden > 0
        hidden -= hide
        masked.append("*" if hide else character)
    return "".join(masked)


def mask_numbers(text: str, ids: Collection[str] = ()) -> str:
    """Return a text, such as a log message, with every run of five or more digits masked.

    Args:
        text: the words of a server or an exception, in which a number may stand anywhere. The five
            digits of a port stay.
        ids: names of ours. Where the text has one, it stays whole.
    """
    return _RUN.sub(lambda run: run[0] if any(_is_part(run, name) for name in ids) else mask(run[0]), text)


def _is_part(run: re.Match[str], name: str) -> bool:
    """Return whether the text has the name around this run of digits."""
    at = name.find(run[0])
    while at >= 0:
        start = run.start() - at
        if start >= 0 and run.string.startswith(name, start):
            return True
        at = name.find(run[0], at + 1)
    return False


def _unwrapped(text: str) -> str:
    """Return what a cell holds, without what keeps a spreadsheet from counting with it."""
    bare = text.strip(_OUTSIDE)
    if bare.startswith('="') and bare.endswith('"'):
        bare = bare[2:-1].strip(_OUTSIDE)
    bare = bare.removeprefix("'").strip(_OUTSIDE)
    if bare[:4].lower() == "tel:":
        bare = bare[4:].strip(_OUTSIDE)
    return bare.translate(_ALIKE)


def _grouped(text: str, bare: str) -> str:
    """Return the digits of what follows `+` or `00`."""
    if re.search(r"\(\s*0+\s*\)", bare):
        raise _refusal(text, "leave out the (0), which is not dialled from abroad")
    flat = _PARENTHESES.sub(r" \1 ", bare, count=1).strip(" ")
    if not _GROUPS.fullmatch(flat):
        raise _refusal(text, _why_not_digits(bare))
    groups = [_Group(*found) for found in _GROUP.findall(flat)]
    digits = "".join(group.digits for group in groups)
    plan = _plan(text, digits)
    if reason := _why_not_one_number(groups, digits, plan):
        raise _refusal(text, reason)
    return digits


def _plan(text: str, digits: str) -> Plan:
    """Return the plan that a number follows; a number that follows none is refused."""
    plan = plan_of(digits)
    if plan is None:
        raise _refusal(text, "it begins with no country's calling code")
    national = digits[len(plan.code) :]
    if national.startswith("0") and not plan.keeps_zero:
        raise _refusal(text, f"leave out the zero after +{plan.code}, which is not dialled from abroad")
    if not plan.shortest <= len(national) <= plan.longest:
        need = str(plan.shortest) if plan.shortest == plan.longest else f"{plan.shortest} to {plan.longest}"
        raise _refusal(text, f"after +{plan.code} it has {len(national)} digits, and such numbers have {need} there")
    return plan


def _why_not_one_number(groups: list[_Group], digits: str, plan: Plan) -> str:
    """Return why the groups may be a number and something else, or nothing."""
    separators = [group.separator.strip() for group in groups]
    last, before = groups[-1].digits, 0
    for position, group in enumerate(groups):
        if len(group.digits) >= 10 and (group is not groups[-1] or position > 1):
            return "something stands beside a whole number"
        mark, after = separators[position], len(digits) - before
        # An area code, one mark, and the rest. Otherwise a single point may be a decimal one, and
        # a slash may mean "or".
        whole = after >= 5 and before - len(plan.code) <= 5
        if mark == "/" and not whole:
            return "what stands behind the / may be another number"
        if mark == "." and separators.count(".") == 1 and not (whole or (position > 1 and after >= 3)):
            return "what stands behind the . may be a fraction"
        before += len(group.digits)
    if len(groups) == 1:
        return ""
    if separators[-1] == "-" and _OFFICES.match(digits) and (last == "0" or len(last) >= 2):
        return ""
    exact = plan.shortest == plan.longest
    if len(last) >= 3 or (len(last) == 2 and (separators[-1] != "-" or exact or separators.count("-") > 1)):
        return ""
    return f"its last {len(last)} digit(s) stand alone, as an extension does"


def _why_not_digits(bare: str) -> str:
    if not bare:
        return "there is none"
    if re.fullmatch(r"[0-9(][-0-9 ()./]*", bare):
        return "without + and the country code only digits are understood"
    return "only digits are understood, and after + one space, or one of - . / or one pair of ( ) between them"


def _refusal(text: str, reason: str) -> ValueError:
    return ValueError(f"{mask(text)!r} is not a telephone number that can be sent: {reason}")
