"""Every output is a view of a journal: `contract judge FILE` makes it later, in this process."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from contract_kit.results import BROKEN, found, journal
from infobip_voice_cli import main
from infobip_voice_contract.summary import MAX_SUMMARY


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    return journal(found(*BROKEN, skipped={}), tmp_path / "run.journal")


def judge(path: Path, *options: str | Path) -> int:
    return main(["contract", "judge", str(path), "--quiet", *map(str, options)])


def test_a_journal_gives_every_view(recorded, tmp_path):
    """JSON, JUnit, HTML, Markdown and scripts tell the same about the same rules."""
    options = [
        "--json",
        "it.json",
        "--junit",
        "it.xml",
        "--html",
        "it.html",
        "--summary",
        "it.md",
        "--scripts",
        "scripts",
    ]
    assert judge(recorded, *[word if word.startswith("--") else tmp_path / word for word in options]) == 1
    rules = json.loads((tmp_path / "it.json").read_text())["rules"]
    failing = {rule["id"] for rule in rules if rule["verdict"] == "fail"}
    assert {"auth.none", "xml.root"} <= failing
    cases = ElementTree.parse(tmp_path / "it.xml").iter("testcase")  # noqa: S314 - it is ours
    assert {case.get("name").partition(":")[0] for case in cases if case.find("failure") is not None} == failing
    text = (tmp_path / "it.html").read_text()
    assert set(re.findall('<article id="([^"]+)"', text)) - failing == {
        rule["id"] for rule in rules if rule["verdict"] == "warn"
    }
    assert set(re.findall("❌ <code>([^<]+)<", (tmp_path / "it.md").read_text())) == failing
    assert failing <= {path.stem for path in (tmp_path / "scripts").iterdir()}


def test_from_red_to_a_baseline_to_green(recorded, tmp_path, capsys):
    """Written, refused without reasons, accepted with them, expired, and told what is mended."""
    baseline, listed = tmp_path / "baseline.toml", tmp_path / "it.json"
    assert judge(recorded) == 1
    assert judge(recorded, "--baseline", baseline, "--write-baseline") == 0
    assert "5 deviations; 5 of them need a reason" in capsys.readouterr().err
    assert judge(recorded, "--baseline", baseline) == 2
    assert "say why in `reason`, for auth.none, " in capsys.readouterr().err
    baseline.write_text(baseline.read_text().replace('reason = ""', 'reason = "in March"'))
    assert judge(recorded, "--baseline", baseline, "--json", listed) == 0
    document = json.loads(listed.read_text())
    assert (document["totals"]["known"], document["totals"]["fail"], document["code"]) == (5, 0, 0)
    [rule] = [rule for rule in document["rules"] if rule["id"] == "auth.none"]
    assert (rule["verdict"], rule["baseline"][:16]) == ("known", "known: in March ")
    known = baseline.read_text()
    baseline.write_text(re.sub("until = .*", "until = 2020-01-31", known))
    assert judge(recorded, "--baseline", baseline) == 1
    assert "no longer than that: in March (until 2020-01-31)" in capsys.readouterr().out
    baseline.write_text(known)
    mended = journal(found(*BROKEN[1:], skipped={}), tmp_path / "mended.journal")
    assert main(["contract", "judge", str(mended), "--baseline", str(baseline)]) == 0
    told = capsys.readouterr().out
    assert "✓ auth.none" in told
    assert "no longer deviates; the baseline still has it: in March" in told
    assert judge(recorded, "--baseline", baseline, "--write-baseline") == 0
    assert baseline.read_text() == known


def test_a_summary_is_appended(recorded, tmp_path, monkeypatch):
    """As the file of GitHub wants it, which may have something already; and no more than fits."""
    path = tmp_path / "summary.md"
    path.write_text("# Before\n\n")
    judge(recorded, "--summary", path)
    once = path.read_text()
    assert once.startswith("# Before\n\n## Voice contract: ❌")
    judge(recorded, "--summary", path)
    assert path.read_text().count("## Voice contract") == 2
    path.write_text("x" * (MAX_SUMMARY - 10))
    judge(recorded, "--summary", path)
    assert path.stat().st_size == MAX_SUMMARY - 10


def test_a_journal_keeps_what_was_wrong_with_the_run(tmp_path, capsys):
    """A run that could judge nothing is no green page later."""
    path = journal(found(*BROKEN, complaint="the server went away"), tmp_path / "run.journal")
    assert main(["contract", "judge", str(path), "--junit", str(tmp_path / "it.xml")]) == 2
    assert "Nothing to judge: the server went away." in capsys.readouterr().out
    assert "the server went away" in (tmp_path / "it.xml").read_text()
    baseline = tmp_path / "baseline.toml"
    assert main(["contract", "judge", str(path), "--baseline", str(baseline), "--write-baseline"]) == 2
    assert not baseline.exists()


def test_a_required_group_that_is_open_is_named(recorded, capsys):
    """In the last line, with exit code 1."""
    assert judge(journal(found("auth.challenge"), recorded), "--require", "push") == 1
    assert "A required group is open: push." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--write-baseline",), "--write-baseline needs --baseline FILE"),
        (("--baseline", "none.toml"), "none.toml"),
        (("--html", "nowhere/it.html"), "--html nowhere/it.html: there is no folder nowhere"),
        (("--junit", "nowhere/it.xml"), "--junit nowhere/it.xml: there is no folder nowhere"),
    ],
)
def test_a_mistake_is_named_before_anything_is_sent(options, words, capsys):
    """Exit code 2; there is no server, and nobody asks for one."""
    assert main(["contract", "--base-url", "http://127.0.0.1:1", "--user", "a", "--password", "b", *options]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    ["", "hello", "[" * 100_000 + "\n", "\ufeff{}\n", '{"log": {"entries": [1]}}\n{}\n', '{"log": {"entries": [{"response": '
     '{"status": "x"}}]}}\n1\n', '{"log": {"entries": [{"response": {"status": 200}, "startedDateTime": 1}]}}\n'],
    ids=["empty", "text", "deep", "mark", "number", "status", "time"],
)  # fmt: skip
@pytest.mark.parametrize("words", [("judge", "x.har"), ("judge", "x"), ("--numbers", "x"), ("--ca-file", "x")])
def test_a_file_of_another_kind_is_named(words, content, tmp_path, monkeypatch, capsys):
    """Whatever is in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / words[1]).write_text(content)
    assert main(["contract", *words, "--base-url", "https://127.0.0.1:1", "--user", "a", "--password", "b"]) == 2
    assert capsys.readouterr().err.startswith(f"infobip-voice: {words[1]}")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--html", "run.journal"], "is also what is judged: give each its own file"),
        (["--html", "it", "--junit", "./it"], "is also --junit: give each its own file"),
        (["--html", "link", "--junit", "it"], "is also --junit: give each its own file"),
        (["--summary", "."], "it is a folder"),
    ],
    ids=["over the recording", "over another", "over another by a link", "a folder"],
)
def test_nothing_is_overwritten(recorded, tmp_path, monkeypatch, capsys, options, words):
    """Two outputs in one file, or one over the recording, are refused at first."""
    monkeypatch.chdir(tmp_path)
    Path("link").symlink_to("it")
    before = recorded.read_bytes()
    assert judge(recorded, *options) == 2
    assert words in capsys.readouterr().err
    assert recorded.read_bytes() == before
    assert not (tmp_path / "it").exists()


def test_a_file_that_cannot_be_written_costs_nothing_else(recorded, tmp_path, capsys):
    """The others are written and the verdict is shown; the exit code says that one is missing."""
    page = tmp_path / "it.html"
    assert judge(recorded, "--junit", "/dev/full", "--html", page) == 2
    captured = capsys.readouterr()
    assert "--junit /dev/full cannot be written: No space left on device" in captured.err
    assert "rules are broken." in captured.out
    assert "rules are broken" in page.read_text()
