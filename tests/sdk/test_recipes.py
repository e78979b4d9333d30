"""The recipes of the guides run as they are printed."""

import re
from pathlib import Path
from typing import Any

import pytest

import asgi

GUIDES = Path(__file__).parents[2] / "docs/guides"
PUSH = (
    b'{"results":[{"messageId":"M","to":"41793026727","sentAt":"2026-03-01T12:00:00.000+0000",'
    b'"doneAt":"2026-03-01T12:00:10.000+0000","callbackData":"mine"}]}'
)


def recipe(guide: str, title: str, **given: Any) -> dict[str, Any]:
    """Run the block of code that begins with the comment `title`.

    `given` are the names that the block expects its reader to define.
    """
    blocks = re.findall(r"```python\n(.*?)```", (GUIDES / guide).read_text(), re.DOTALL)
    [block] = [block for block in blocks if block.startswith(f"# {title}\n")]
    names = {**given, "__name__": "recipe"}
    exec(compile(block, guide, "exec"), names)  # noqa: S102 - our own text
    return names


@pytest.fixture
def stored() -> list[Any]:
    return []


def test_starlette(stored: list[Any]) -> None:
    """The right secret stores the report and gets 200; a wrong one stores nothing."""
    app = recipe("pushes.md", "Starlette", SECRET="right", store=stored.extend)["app"]
    fields = {"content-type": "application/json"}
    assert asgi.request(app, "POST", "/reports/wrong", PUSH, fields).status == 404
    assert stored == []
    assert asgi.request(app, "POST", "/reports/right", PUSH, fields).status == 200
    assert [report.message_id for report in stored] == ["M"]


def test_flask(stored: list[Any]) -> None:
    """The right secret stores the report and gets 200; a wrong one stores nothing."""
    client = recipe("pushes.md", "Flask", SECRET="right", store=stored.extend)["app"].test_client()
    assert client.post("/reports/wrong", data=PUSH, content_type="application/json").status_code == 404
    assert stored == []
    assert client.post("/reports/right", data=PUSH, content_type="application/json").status_code == 200
    assert [report.data.callback_data for report in stored] == ["mine"]


def test_django(stored: list[Any]) -> None:
    """The right secret stores the report and gets 200; a wrong one or a GET stores nothing."""
    import django
    from django.conf import settings
    from django.test import RequestFactory

    settings.configure(ALLOWED_HOSTS=["testserver"])
    django.setup()
    [pattern] = recipe("pushes.md", "Django", SECRET="right", store=stored.extend)["urlpatterns"]
    requests = RequestFactory()

    def send(secret: str, method: str = "POST") -> int:
        request = requests.generic(method, f"/reports/{secret}", PUSH, content_type="application/json")
        found = pattern.resolve(f"reports/{secret}")
        return found.func(request, **found.kwargs).status_code

    assert send("wrong") == 404
    assert send("right", "GET") == 405
    assert stored == []
    assert send("right") == 200
    assert [report.message_id for report in stored] == ["M"]


def test_opentelemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt becomes a span with its verdict and its status."""
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from infobip_voice import Attempt

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    monkeypatch.setenv("INFOBIP_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("INFOBIP_API_KEY", "key")
    names = recipe("lost-answers.md", "OpenTelemetry")
    names["client"].close()
    names["trace"](Attempt("reports.fetch", 2, "uncertain", 503, 0.25, 0, 0, None, 0, None))
    [span] = exporter.get_finished_spans()
    assert span.name == "reports.fetch"
    assert dict(span.attributes or {}) == {
        "voice.verdict": "uncertain",
        "voice.attempt": 2,
        "http.response.status_code": 503,
    }
    assert span.end_time - span.start_time == 250_000_000
