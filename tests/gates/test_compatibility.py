"""The gate for people who use the SDK: it finds what breaks their code before they do."""

import shutil
import types
from pathlib import Path

import pytest

from compatibility.__main__ import surface
from compatibility.signatures import Difference, differences
from compatibility.surface import listed
from compatibility.type_check import type_check

ROOT = Path(__file__).parents[2]
MODEL = "infobip_voice_client.models"
SOURCE = """
from typing import Literal, TypedDict
from attrs import define

__all__ = ["Answer", "Call", "Options", "Speed", "call", "VALUE"]
Speed = Literal["fast", "slow"]
VALUE = 1

@define
class Call:
    to: str
    scenario: str
    speed: "int | None" = None

@define
class Answer:
    id: str
    text: "str | None" = None
    @property
    def delivered(self) -> bool: ...
    def read(self, size: int, /, *, twice: bool = False) -> "str | None": ...

class Options(TypedDict, total=False):
    note: str
    count: int

def call(to: str, scenario: str = "s", *, wait: "int | float" = 1) -> "Answer | None": ...
"""
CHANGES = [
    ("members change places", True, "    to: str\n    scenario: str", "    scenario: str\n    to: str"),
    ("a member is added last", False, "speed: \"int | None\" = None", "speed: \"int | None\" = None\n    note: str = ''"),
    ("a member is added before another", True, "    speed: \"int", "    note: str = ''\n    speed: \"int"),
    ("a member is required", True, "speed: \"int | None\" = None", "speed: \"int | None\""),
    ("a member is renamed", True, "    scenario: str\n", "    plan: str\n"),
    ("a member of a model has another type", True, "    id: str\n", "    id: int\n"),
    ("a class is removed", True, '"Answer", "Call"', '"Call"'),
    ("a name is another thing", True, "VALUE = 1", "def VALUE() -> None: ..."),
    ("a listed value is removed", True, '"fast", "slow"]', '"fast"]'),
    ("a property may return more", True, "delivered(self) -> bool", 'delivered(self) -> "bool | None"'),
    ("a property is removed", True, "    @property\n    def delivered(self) -> bool: ...\n", ""),
    ("a method may return more", True, '-> "str | None": ...', '-> "str | bytes | None": ...'),
    ("a method returns less", False, '-> "str | None": ...', '-> "str": ...'),
    ("a method takes less by position", True, "size: int, /, *", "*, size: int"),
    ("a method may be called by name", False, "size: int, /, *", "size: int, *"),
    ("a key is added", False, "    count: int\n", "    count: int\n    more: str\n"),
    ("a key is removed", True, "    count: int\n", ""),
    ("a key accepts more", False, "    count: int\n", '    count: "int | None"\n'),
    ("a key accepts other things", True, "    count: int\n", "    count: str\n"),
    ("keys are required", True, "total=False", "total=True"),
    ("arguments change places", True, 'to: str, scenario: str = "s"', 'scenario: str = "s", to: str = "t"'),
    ("an argument accepts more", False, "to: str, sc", 'to: "str | int", sc'),
    ("an argument accepts the same in other words", False, '"int | float"', '"Union[float, int]"'),
    ("an argument accepts less", True, '"int | float"', '"int"'),
    ("a default changes", True, 'scenario: str = "s"', 'scenario: str = "t"'),
    ("an argument is required", True, 'scenario: str = "s"', "scenario: str"),
    ("an optional argument is added", False, "= 1) ->", "= 1, more: int = 0) ->"),
    ("a required argument is added", True, "= 1) ->", "= 1, more: int) ->"),
    ("an argument is removed", True, ', *, wait: "int | float" = 1)', ")"),
    ("a function returns less", False, '"Answer | None"', '"Answer"'),
    ("a function returns something else", True, '"Answer | None"', '"Call | None"'),
]  # fmt: skip


def listed_from(source: str) -> dict[str, dict[str, object]]:
    module = types.ModuleType("made")
    exec(source.replace("from typing import ", "from typing import Union, "), vars(module))  # noqa: S102 - written above
    return listed(module)


@pytest.mark.parametrize(("breaks", "old", "new"), [pytest.param(*rest, id=label) for label, *rest in CHANGES])
def test_a_change_of_a_signature_gets_its_verdict(breaks, old, new):
    """Callers give arguments by position or by name, and read results: that has to go on."""
    assert old in SOURCE
    found = list(differences(listed_from(SOURCE), listed_from(SOURCE.replace(old, new))))
    assert any(each.breaking for each in found) == breaks
    assert found or not breaks


def test_nothing_differs_from_itself():
    """The same source twice."""
    assert list(differences(listed_from(SOURCE), listed_from(SOURCE))) == []


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """The packages of a wheel, to be edited."""
    for folder in ("generated", "overlays"):
        shutil.copytree(ROOT / folder, tmp_path, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    return tmp_path


def edit(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def test_exchanging_a_and_b_is_noticed(packages):
    """Two members of a model change places: code that gives them by position dials B first."""
    before = surface(packages)
    edit(packages / "infobip_voice_client/models/click_to_call_message.py",
         ("    destination_a: str\n", "    x: str\n"), ("    destination_b: str\n", "    destination_a: str\n"),
         ("    x: str\n", "    destination_b: str\n"))  # fmt: skip
    found = [each for each in differences(before, surface(packages)) if each.breaking]
    what = "argument 2 by position was `destination_a`; `destination_b` is there now"
    assert found == [Difference(True, f"{MODEL}.ClickToCallMessage()", what)]


def test_a_model_that_is_sent_may_accept_more_and_one_that_is_received_may_not_hold_more(packages):
    """Which of the two a generated model is follows from the functions of the generated client."""
    before = surface(packages)
    models = packages / "infobip_voice_client/models"
    edit(models / "ivr_message.py", ("    scenario_id: str\n", "    scenario_id: str | int\n"))
    assert [each.breaking for each in differences(before, surface(packages))] == [False, False]
    edit(models / "launch_status.py", ("    name: str\n", "    name: str | None\n"))
    assert [each.name for each in differences(before, surface(packages)) if each.breaking] == [
        f"{MODEL}.LaunchStatus", f"{MODEL}.LaunchStatus()"]  # fmt: skip


def test_a_member_that_is_renamed_breaks_the_released_sdk(packages):
    """Generated code that renames `message_id` does not pass the type check of the released SDK."""
    edit(packages / "infobip_voice_client/models/ivr_destination.py", ("message_id", "call_id"))
    assert '"message_id"' in type_check("HEAD", packages)
