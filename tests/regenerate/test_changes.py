"""A contract changes, and its user gets the right client, words and exit code; nothing is asked
of any other machine."""

import filecmp
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infobip_voice_cli import main
from regenerate.conftest import GET, STRING, Page, contract

ROOT = Path(__file__).parents[2]
PARAMETERS = f"{GET}/parameters"
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
ADDITIVE = (PARAMETERS, [LIMIT, {"name": "since", "in": "query", **STRING}])
BREAKING = (PARAMETERS, [LIMIT, {"name": "since", "in": "query", "required": True, **STRING}])
DOCUMENTED = (f"{GET}/description", "All orders, the newest first.")
VERSION = ("info/version", "1.1.0")
OPERATION = "orders_client/api/orders/list_orders.py"


@pytest.mark.parametrize(
    ("edit", "word", "code", "text"),
    [
        (ADDITIVE, "Additive", 0, "since: str | Unset"),
        (DOCUMENTED, "Documentation", 0, "All orders, the newest first."),
        (BREAKING, "Breaking", 1, "since: str,"),
    ],
    ids=["additive", "documentation", "breaking"],
)
def test_a_change_is_written_unless_it_breaks(user, serve, edit, word, code, text):
    """Additive and documentation: the new client and exit 0. Breaking: the old one and exit 1,
    until the user accepts it."""
    server = serve()
    server.pages["/orders.json"] = Page(contract(edit, VERSION))
    url = f"{server.url}/orders.json"
    before = user.files()
    found = user.run(source=url)
    assert (found.code, found.err) == (code, "")
    assert found.out.startswith("# Contract 1.0.0 → 1.1.0\n")
    assert f"\n## {word} (1)\n" in found.out
    assert found.out.count("\n## ") == 1
    if code:
        assert user.files() == before
        assert "**This breaks you.**" in found.out
        assert "`--accept-breaking`, change your code to fit, and run your tests" in found.out
        assert "| GET /orders query parameter since | required parameter added |" in found.out
        found = user.run("--accept-breaking", source=url)
        assert (found.code, found.out.count("\n## ")) == (0, 1)
        assert "was written anew: **this breaks you**." in found.out
    assert text in user.files()[OPERATION].decode()
    assert text not in before[OPERATION].decode()


def test_the_first_client_has_nothing_to_be_compared_with(repository):
    """The first run writes it and says so; the second finds it up to date, and touches nothing."""
    found = repository.run()
    assert (found.code, found.err) == (0, "")
    assert "`" + str(repository.client) + "` was written anew." in found.out
    assert "There was no client before: there is nothing to compare with." in found.out
    before = repository.client.stat().st_ino
    again = repository.run()
    assert (again.code, "is up to date." in again.out) == (0, True)
    assert repository.client.stat().st_ino == before
    assert sorted(path.name for path in repository.folder.iterdir()) == [
        "generator.yml",
        "orders.json",
        "orders_client",
    ]


def test_check_changes_nothing_and_says_whether_it_would(repository, generated):
    """`--check` is exit 1 as long as a run without it would write, or would be stopped."""
    missing = repository.run("--check")
    assert (missing.code, "is out of date. Nothing was written." in missing.out) == (1, True)
    assert sorted(repository.files()) == ["generator.yml"]
    shutil.copytree(generated, repository.client)
    before = repository.files()
    assert repository.run("--check").code == 0
    repository.publish(ADDITIVE)
    found = repository.run("--check")
    assert (found.code, "## Additive (1)" in found.out) == (1, True)
    repository.publish(BREAKING)
    found = repository.run("--check")
    assert (found.code, "is out of date, and the change breaks you. Nothing" in found.out) == (1, True)
    assert repository.files() == before


def test_a_module_that_is_gone_breaks(user):
    """A schema with another name changes no document on the wire, and every import of its model."""
    schema = {"type": "object", "properties": {"id": {"type": "string"}}}
    answer = f"{GET}/responses/200/content"
    reference = {"application/json": {"schema": {"$ref": "#/components/schemas/Purchase"}}}
    user.publish(("components/schemas", {"Purchase": schema}), (answer, reference))
    found = user.run()
    assert found.code == 1
    assert "| models/order.py | no longer generated | code that imports it fails |" in found.out


def test_settings_and_generator_are_inputs_too(user):
    """Other settings give another client from the same contract, and the report says why."""
    lock = user.client / ".regenerate/lock.json"
    known = json.loads(lock.read_text())
    lock.write_text(json.dumps({**known, "generator": "0.1.0"}))
    (user.folder / "generator.yml").write_text("post_hooks: []\ndocstrings_on_attributes: true\n")
    found = user.run()
    assert found.code == 0
    assert "The contract says the same as before." in found.out
    assert f"Generator: 0.1.0 → {known['generator']}." in found.out
    assert "The configuration of the generator changed." in found.out
    assert "Files of the new client: " in found.out


def test_the_lock_says_what_the_client_was_made_from(user):
    """It has the hash that `sha256sum` prints for the contract, and those of all files."""
    record = user.client / ".regenerate"
    lock = json.loads((record / "lock.json").read_text())
    published = contract()
    assert (record / "contract.yaml").read_bytes() == published
    assert lock["contract"] == {"version": "1.0.0", "sha256": hashlib.sha256(published).hexdigest()}
    files = user.files()
    assert lock["files"] == {
        name.removeprefix("orders_client/"): hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name.startswith("orders_client/") and "/.regenerate/" not in name
    }


def test_our_contract_gives_the_client_that_we_ship(tmp_path, capsys):
    """The published contract needs no settings, and with ours gives our client byte for byte."""
    ours, stock = tmp_path / "ours", tmp_path / "stock"
    (tmp_path / "empty.yml").write_text("{}\n")
    words = ["regenerate", "--contract", str(ROOT / "openapi.yaml"), "--config"]
    assert main([*words, str(ROOT / "generator-config.yml"), "--out", str(ours)]) == 0
    assert main([*words, str(tmp_path / "empty.yml"), "--out", str(stock)]) == 0, capsys.readouterr().err
    shipped = ROOT / "generated/infobip_voice_client"
    names = [path.relative_to(shipped) for path in shipped.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert filecmp.cmpfiles(shipped, ours, map(str, names), shallow=False)[1:] == ([], [])
    found = {path.relative_to(ours) for path in ours.rglob("*") if path.is_file()}
    assert {name for name in found if name.parts[0] != ".regenerate"} == set(names)
    done = subprocess.run(
        [sys.executable, "-c", "from stock.api.ivr import launch_outbound_ivr; from stock.models import VoiceReport"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not list(stock.rglob(".ruff_cache"))
