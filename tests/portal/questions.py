"""What people ask the search, and the page that answers it."""

from typing import Final

__all__ = ["QUESTIONS"]

IVR: Final = "reference/launch-outbound-ivr.html"
CLICK: Final = "reference/launch-click-to-call.html"
FETCH: Final = "reference/fetch-reports.html"

# These were written down before there was an index.
QUESTIONS: Final = (
    ("webhook", "guides/pushes.html"),
    ("rate limit", "guides/limits.html"),
    ("API key", "guides/credentials.html"),
    ("does the client retry by itself", "guides/lost-answers.html"),
    ("timeout", "guides/limits.html"),
    ("docker", "guides/questions.html"),
    ("pip install", "guides/start.html"),
    ("can somebody be called twice", "guides/lost-answers.html"),
    ("line is busy", "codes.html"),
    ("5003", "codes.html"),
    ("callbackData", IVR),
    ("how many destinations in one request", IVR),
    ("what does LaunchUncertain mean", "python/errors.html"),
    ("gunicorn", "guides/workers.html"),
    ("answering machine", CLICK),
    ("call only on working days", IVR),
    ("I lost a report", "guides/reports.html"),
    ("XML", "guides/xml.html"),
    ("test without dialling", "guides/testing.html"),
    ("CSV file with telephone numbers", "guides/campaigns.html"),
    ("401 unauthorized", "reference/errors.html"),
    ("limit of reports in one answer", FETCH),
)
