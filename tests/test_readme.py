"""What the README says is true."""

from pathlib import Path

from infobip_voice_mock.outcomes import BY_PREFIX

README = Path(__file__).parents[1].joinpath("README.md").read_text()


def test_the_table_of_outcomes_is_the_mocks():
    """Each row of the table equals the mock's own data."""
    rows = [f"| `{prefix}` | {outcome.name} |" for prefix, outcome in BY_PREFIX.items()]
    assert "\n".join(rows) in README
