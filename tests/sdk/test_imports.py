"""Names are imported when they are asked for, and are then what they always were."""

import ast
import importlib
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import infobip_voice
import infobip_voice_client
from infobip_voice import _models, errors

LAUNCHING = """
import json, sys
from infobip_voice import VoiceClient
first_line = sorted(sys.modules)
voice = VoiceClient(base_url="https://host", api_key="k")
prepared = voice.ivr.prepare(scenario_id="s", to="41793026727")
print(json.dumps([first_line, sorted(sys.modules)]))
"""


def python(program: str) -> Any:
    """Return what a program prints in a process of its own, as JSON."""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_exported_name_is_where_type_checkers_look() -> None:
    """The table of modules says the same as the imports that only type checkers see."""
    source = Path(infobip_voice.__file__).read_text("utf-8")
    seen = {
        alias.name: node.module
        for branch in ast.parse(source).body if isinstance(branch, ast.If)
        for node in branch.body if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }  # fmt: skip
    homes = {name: f"infobip_voice.{home}" for name, home in infobip_voice._HOMES.items()}
    assert seen == homes
    assert {*homes, *errors.__all__, "__version__"} == {*infobip_voice.__all__}
    assert len(infobip_voice.__all__) == len({*infobip_voice.__all__})
    for name, home in homes.items():
        assert getattr(infobip_voice, name) is getattr(importlib.import_module(home), name)
        assert name in importlib.import_module(home).__all__
    assert {*infobip_voice.__all__, "errors"} <= {*dir(infobip_voice)}


def test_a_name_that_is_not_exported() -> None:
    """It is missing as from any module."""
    with pytest.raises(AttributeError, match=r"^module 'infobip_voice' has no attribute 'VoiceClients'$"):
        infobip_voice.VoiceClients  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'VoiceClients'"):
        from infobip_voice import VoiceClients  # type: ignore[attr-defined]  # noqa: F401


def test_all_names_come_with_a_star() -> None:
    """As `__all__` says."""
    names = python("from infobip_voice import *; import json; print(json.dumps(sorted(globals())))")
    assert {*infobip_voice.__all__} <= {*names}


def test_the_first_line_imports_what_it_needs() -> None:
    """No models, database, event loop or XML before somebody wants them; then those that are
    wanted.
    """
    first_line, prepared = map(set, python(LAUNCHING))
    assert "httpx" in first_line  # what a call needs anyway is not put off
    # Older versions of it bring httpcore and asyncio along.
    of_httpx = set(python("import httpx, json, sys; print(json.dumps(sorted(sys.modules)))"))
    first_line, prepared = first_line - of_httpx, prepared - of_httpx
    assert first_line.isdisjoint(
        {"asyncio", "attrs", "infobip_voice._spool", "infobip_voice_client", "lxml", "sqlite3"}
    )
    assert prepared.isdisjoint(
        {"asyncio", "httpcore", "infobip_voice._spool", "infobip_voice._report", "lxml", "sqlite3"}
    )
    models = {name.rpartition(".")[2] for name in prepared if name.startswith("infobip_voice_client.models.")}
    assert {"ivr_launch_request", "ivr_message", "ivr_destination"} <= models
    assert models.isdisjoint({"click_to_call_message", "voice_report", "voice_call", "api_exception"})


ONE_BY_ONE = """
import pickle, sys, types
import infobip_voice._models
from infobip_voice_client.models import ScenarioParameters
import infobip_voice_client.models as package, infobip_voice_client
one = sys.modules["infobip_voice_client.models.scenario_parameters"]
assert one.ScenarioParameters is ScenarioParameters is package.ScenarioParameters
assert infobip_voice_client.models is package and "infobip_voice_client.models.voice_call" not in sys.modules
pickled = pickle.dumps(ScenarioParameters.from_dict({"a": "b"}))
"""
WHOLE = """
assert package.__all__ and "voice_call" in dir(package) and "__getattr__" not in vars(package)
for name in package.__all__:
    assert getattr(package, name) is vars(package)[name], name
assert package.ScenarioParameters is ScenarioParameters
import infobip_voice_client.models.voice_call
assert infobip_voice_client.models.voice_call.VoiceCall is package.VoiceCall
"""


@pytest.mark.parametrize(
    "asked", ["from infobip_voice_client.models import *", "assert not hasattr(package, 'Nonsense')", "package.__all__"]
)
def test_models_come_one_by_one_or_all_at_once(asked: str) -> None:
    """Whatever is asked for first, it is the class that the whole generated package has; and then
    the package is as if nobody had put it off.
    """
    written = python(f"{ONE_BY_ONE}{asked}\n{WHOLE}import json; print(json.dumps(list(pickled)))")
    assert pickle.loads(bytes(written)).additional_properties == {"a": "b"}  # noqa: S301  our own bytes


def test_every_model_can_be_the_first() -> None:
    """The name of its module is made from its own: this holds for all that the generator wrote."""
    program = """
import infobip_voice._models, infobip_voice_client.models as package, json, sys
from pathlib import Path
taken = {}
for path in sorted(Path(package.__path__[0]).glob("[!_]*.py")):
    import ast
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            taken[node.name] = getattr(package, node.name).__module__.endswith("." + path.stem)
print(json.dumps([taken, "__getattr__" in vars(package)]))
"""
    taken, still_one_by_one = python(program)
    assert len(taken) > 20
    assert all(taken.values())
    assert still_one_by_one


def test_a_program_that_has_imported_all_models_keeps_them() -> None:
    """Then nothing is put off."""
    program = """
import infobip_voice_client.models as package, sys
before = sys.modules["infobip_voice_client.models"], package.IvrMessage
from infobip_voice import VoiceClient
VoiceClient(base_url="http://host", api_key="k").ivr.prepare(scenario_id="s", to="41793026727")
from infobip_voice_client.models import IvrMessage
print("true" if before == (sys.modules["infobip_voice_client.models"], IvrMessage) else "false")
"""
    assert python(program) is True


def test_the_stand_in_of_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was never asked for all gives a model, then the whole package, then an error."""
    name = "infobip_voice_client.models"
    whole = sys.modules[name]
    monkeypatch.setattr(infobip_voice_client, "models", whole)
    monkeypatch.delitem(sys.modules, name)
    _models._postpone()
    package = sys.modules[name]
    assert infobip_voice_client.models is package is not whole
    _models._postpone()
    assert sys.modules[name] is package
    assert package.IvrMessage is whole.IvrMessage
    assert "VoiceCall" not in vars(package)
    assert "VoiceCall" in package.__all__
    assert package.VoiceCall is whole.VoiceCall
    monkeypatch.delitem(sys.modules, name)
    _models._postpone()
    with pytest.raises(AttributeError, match=rf"^module '{name}' has no attribute 'Nonsense'$"):
        sys.modules[name].Nonsense  # noqa: B018
