"""Every error says whether it was sent, which calls it concerns, and what to do."""

import copy
import inspect
import pickle
from typing import Any

import pytest

import infobip_voice
from infobip_voice import Gap, LaunchUncertain, Prepared, Refused, Report, ReportsPending, Throttled, VoiceError, errors
from infobip_voice_client.models import IvrDestination, IvrLaunchRequest, IvrMessage, VoiceReport, VoiceResponse

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, VoiceError)]


def test_the_tree_is_drawn_exported_and_complete() -> None:
    """The tree in the docstring, `__all__` and the package's exports name the same classes."""
    drawn = {word for line in (errors.__doc__ or "").splitlines() for word in line.split() if word.isidentifier()}
    for kind in KINDS:
        assert kind.__name__ in drawn
        assert getattr(infobip_voice, kind.__name__) is kind
    assert {kind.__name__ for kind in KINDS} == set(errors.__all__)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_pickling_and_says_what_to_do(kind: type[VoiceError]) -> None:
    """Pickling keeps all its evidence; its text shows no bytes, no headers and no numbers."""
    error = kind(
        "no answer from 385981178",
        operation="ivr.launch",
        bulk_id="bulk",
        message_ids=["a", "b"],
        status=503,
        headers={"set-cookie": "secret"},
        body=b"secret 385981178",
    )
    error.accepted = (VoiceResponse([]),)
    error.unsent = Prepared((IvrLaunchRequest([IvrMessage("s", [IvrDestination("385981178", "c")])], "bulk"),))
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301
        assert type(other) is kind
        assert vars(other) == vars(error)
        assert str(other) == str(error)
        assert other.unsent is not None
        assert other.unsent.dumps() == error.unsent.dumps()
    text = str(error)
    assert text.startswith("ivr.launch: no answer from *******78 (status 503, bulk bulk, 2 call(s), 16 byte(s) kept).")
    if kind is not VoiceError:
        assert text.endswith(kind.advice)
        assert kind.advice
    for secret in ("secret", "385981178"):
        assert secret not in text + repr(error) + repr(error.unsent)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.sent and kind not in (LaunchUncertain,)], ids=lambda kind: kind.__name__
)
def test_more_evidence_survives_too(kind: Any) -> None:
    """Pickling keeps the members that only some errors have."""
    error = kind("reason")
    if isinstance(error, Refused):
        error = kind("reason", code="BAD_REQUEST", violations={"a.b": ["x", "y"]})
    if isinstance(error, Throttled):
        error.retry_after = 3.0
    if isinstance(error, ReportsPending):
        error.reports, error.pending, error.gaps = {"a": Report(VoiceReport(), {})}, ("b",), (Gap("r", None, b""),)
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)  # noqa: S301


def test_an_error_about_nothing_is_short() -> None:
    """Without evidence the text has no brackets."""
    assert str(VoiceError("reason")) == "reason."


def test_a_long_list_of_violations_is_cut_in_the_text() -> None:
    """The text has twenty violations; the attribute has all."""
    error = Refused("reason", violations={"a": [str(number) for number in range(25)]})
    lines = str(error).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  - and 5 more in `violations`"
    assert len(error.violations["a"]) == 25
