"""The gate for users of the SDK finds what generated code no longer offers before they do."""

import shutil
from pathlib import Path

import compatibility

GENERATED = Path(__file__).parents[2] / "generated"


def test_a_member_that_is_renamed_breaks_the_released_sdk(tmp_path, capsys):
    """The gate checks released types against code in which `message_id` has another name."""
    shutil.copytree(GENERATED, tmp_path / "generated", ignore=shutil.ignore_patterns("__pycache__"))
    model = tmp_path / "generated/infobip_voice_client/models/voice_report.py"
    text = model.read_text()
    assert "message_id" in text
    model.write_text(text.replace("message_id", "call_id"))
    assert compatibility.check("HEAD", tmp_path / "generated") == 1
    assert '"message_id"' in capsys.readouterr().out
