"""The files for programs are complete and valid, and all of them hold the same contract."""

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import jsonschema
import pytest
from lxml import html
from ruamel.yaml import YAML

from contract_diff.history import present

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"
CONTRACT = YAML(typ="safe", pure=True).load(ROOT / "openapi.yaml")


def read(name: str):
    return json.loads((SITE / name).read_bytes())


def test_the_contract_is_the_contract():
    """The YAML has the same bytes, and the JSON the same values."""
    source = (ROOT / "openapi.yaml").read_bytes()
    assert (SITE / "openapi.yaml").read_bytes() == source
    assert read("openapi.json") == CONTRACT


STABLE = (
    "openapi.yaml",
    "openapi.json",
    "judged.json",
    "postman.json",
    "workflows.arazzo.yaml",
    "control.json",
    "latest.zip",
)


@pytest.mark.parametrize("name", STABLE)
def test_a_stable_address_has_its_hash_beside_it(name):
    """`sha256sum --check` agrees, and the page of downloads links the file."""
    done = subprocess.run(["sha256sum", "--check", f"{name}.sha256"], cwd=SITE, capture_output=True, text=True)  # noqa: S607
    assert done.stdout == f"{name}: OK\n"
    assert f'href="{name}"' in (SITE / "downloads.html").read_text()


def test_the_latest_archive_has_all_files():
    """Everything for programs is in it, with the bytes of the loose files."""
    with zipfile.ZipFile(SITE / "latest.zip") as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    schemas = [f"schemas/{name}.json" for name in CONTRACT["components"]["schemas"]]
    assert sorted(found) == sorted([*(name for name in STABLE if name != "latest.zip"), *schemas])
    assert {name: (SITE / name).read_bytes() for name in found} == found


def test_the_judged_contract_lets_no_unlisted_status_pass():
    """It is the contract without `default` answers."""
    judged = read("judged.json")
    assert judged["paths"].keys() == CONTRACT["paths"].keys()
    assert not [1 for item in judged["paths"].values() for each in item.values() if "default" in each["responses"]]


def test_this_version_has_a_dated_copy():
    """Its folder has what its archive has, and the table links both and the hash."""
    version = CONTRACT["info"]["version"]
    [archive] = [path for path in (SITE / "versions").glob("*.zip") if path.stem.endswith(version)]
    with zipfile.ZipFile(archive) as files:
        assert files.read("openapi.yaml") == (ROOT / "openapi.yaml").read_bytes()
        for name in files.namelist():
            assert (archive.with_suffix("") / name).read_bytes() == files.read(name)
    page = (SITE / "downloads.html").read_text()
    stem = archive.relative_to(SITE).as_posix()
    assert all(f'href="{link}"' in page for link in (stem, f"{stem}.sha256", f"{stem[:-4]}/openapi.yaml"))


@pytest.mark.parametrize("name", sorted(CONTRACT["components"]["schemas"]))
def test_a_schema_stands_alone(name):
    """It is valid, refers to nothing outside itself, and accepts the contract's own examples."""
    schema = read(f"schemas/{name}.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert "#/components" not in text
    for example in CONTRACT["components"]["schemas"][name].get("examples", ()):
        jsonschema.Draft202012Validator(schema).validate(example)
    assert not jsonschema.Draft202012Validator(schema).is_valid([])


def test_the_postman_collection():
    """It has each operation in JSON and in XML, and sends them to a local mock."""
    collection = read("postman.json")
    requests = [item["request"] for folder in collection["item"] for item in folder["item"]]
    methods = [f"{request['method']} /{'/'.join(request['url']['path'])}" for request in requests]
    assert sorted(methods) == sorted(
        f"{method.upper()} {path}" for path, item in CONTRACT["paths"].items() for method in item for _ in "12"
    )
    assert {variable["key"]: variable["value"] for variable in collection["variable"]}[
        "baseUrl"
    ] == "http://127.0.0.1:8080"
    bodies = [request["body"]["raw"] for request in requests if "body" in request]
    assert [body[0] for body in bodies] == ["{", "<", "{", "<"]


@pytest.mark.parametrize("name", ["openapi.json", "openapi.yaml"])
def test_the_push_is_inline_in_what_is_published(name):
    """Programs that draw a reference show a callback only where it stands."""
    published = YAML(typ="safe", pure=True).load((SITE / name).read_text())
    pushes = [
        item
        for path in published["paths"].values()
        for operation in path.values()
        for callback in operation.get("callbacks", {}).values()
        for item in callback.values()
    ]
    assert [list(item) for item in pushes] == [["post"], ["post"]]


@pytest.mark.parametrize(("command", "settings"), [
    (["redocly", "lint", "--config"], "redocly.yaml"),
    (["spectral", "lint", "--fail-severity", "hint", "--ruleset"], "spectral.yaml"),
])  # fmt: skip
def test_a_linter_with_the_published_settings_is_green(command, settings, tmp_path):
    """Who downloads the contract and the settings finds nothing to complain of."""
    for name in ("openapi.yaml", "lint"):
        source = SITE / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path)
    program, *options = command
    line = [ROOT / "tools/node_modules/.bin" / program, *options, f"lint/{settings}", "openapi.yaml"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_llms_txt_names_the_danger_every_operation_and_every_page():
    """It warns that a launch dials telephones, lists every path, and links every page."""
    text = (SITE / "llms.txt").read_text()
    assert "A launch dials telephones" in text
    assert all(path in text for path in CONTRACT["paths"])
    pages = {path.relative_to(SITE).as_posix().removesuffix("html") + "md" for path in SITE.rglob("*.html")}
    assert set(re.findall(r"^- \[[^]]+\]\(([^)]+\.md)\): .", text, re.MULTILINE)) == pages


PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))


@pytest.mark.parametrize("view", PAGES)
def test_a_page_has_a_twin_in_markdown(view):
    """It has the page's title and all of its headings, no HTML, and links that lead somewhere."""
    page = html.parse(SITE / view).getroot()
    twin = SITE / (view.removesuffix("html") + "md")
    text = re.sub(r"```.*?```|`[^`]*`", "", twin.read_text(), flags=re.DOTALL)
    assert text.startswith("# ")
    headings = [element.text_content() for element in page.xpath("//main//h2")]
    assert len(re.findall(r"^## ", text, re.MULTILINE)) == len(headings)
    assert not re.search(r"</?(?:a|p|div|span|code)\b", text)
    for link in re.findall(r"\]\(([^)#]+\.md)(?:#[^)]*)?\)", text):
        assert "://" in link or (twin.parent / link).is_file(), link


def test_a_page_says_what_it_is_about():
    """Each page has a description of its own for search engines, of a readable length."""
    said = {view: html.parse(SITE / view).xpath("string(//meta[@name='description']/@content)") for view in PAGES}
    assert len(set(said.values())) == len(said)
    assert {view: text for view, text in said.items() if not 40 <= len(text) <= 160} == {}


def test_every_field_is_on_the_page_of_sources():
    """No property of a schema is missing from the page of sources."""
    page = (SITE / "sources.html").read_text()
    for name, schema in CONTRACT["components"]["schemas"].items():
        for member in schema.get("properties", {}):
            assert f"<code>{name}.{member}</code>" in page


def test_the_line_between_the_versions_comes_from_their_sources():
    """Each page says which package speaks which contract, from the two sources of the versions."""
    state = present()
    line = f"Package {state.package} speaks contract {state.version}."
    assert all(line in path.read_text() for path in SITE.rglob("*.html"))
