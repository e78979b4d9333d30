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
    ("can somebody be called twice", "guides/questions.html"),
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
    # These were written when there was one.
    ("retry after an error", "guides/lost-answers.html"),
    ("celery task", "guides/workers.html"),
    ("which numbers make the mock say busy", "guides/mock.html"),
    ("notifyUrl", IVR),
    ("EC_VOICE_NO_ANSWER", "codes.html"),
    ("sendAt time zone", IVR),
    ("what does the client do after a reset", "guides/lost-answers.html"),
    ("redial after busy", IVR),
    ("ReportsPending", "python/errors.html"),
    ("move the clock in a test", "guides/mock.html"),
    ("drain", "guides/reports.html"),
    ("flask receiver", "guides/pushes.html"),
    ("is there an assumption about fields", "sources.html"),
    ("postman", "downloads.html"),
    ("max_connections", "python/clients.html"),
    ("price per second decimal", FETCH),
    ("cancel a launch", "guides/questions.html"),
    ("migrate from requests", "guides/migrate.html"),
    ("415", "reference/errors.html"),
    ("parse_push", "python/reports.html"),
    ("anonymization", CLICK),
    ("generate a client for Java", "guides/generators.html"),
    ("contract in CI", "guides/server-in-ci.html"),
    ("junit report", "guides/server-in-ci.html"),
    ("known deviations", "guides/server-in-ci.html"),
    # Of twenty that somebody asked who had not seen the pages, those that were not well answered.
    ("phone number format", "guides/questions.html"),
    ("delivery report empty second time", "guides/questions.html"),
    ("request timed out did the call go through", "guides/questions.html"),
    ("make mock server return 500 error", "guides/mock.html"),
    ("where do I put my api key", "guides/credentials.html"),
    # Of twenty more, those that were not answered, or not among the first hits.
    ("corporate proxy password", "guides/questions.html"),
    ("maximum numbers per request", "guides/questions.html"),
    ("rotate api key", "guides/credentials.html"),
    ("schedule call local time", "guides/questions.html"),
    ("call again if busy", "guides/questions.html"),
    ("cancel a call", "guides/questions.html"),
    ("caller id", "guides/questions.html"),
    ("voicemail", CLICK),
    ("reset mock between tests", "guides/mock.html"),
    ("github actions service container", "guides/questions.html"),
    ("debug logging", "guides/questions.html"),
    ("No module named msgspec", "guides/questions.html"),
    ("why did the call fail", "guides/questions.html"),
    ("how long are reports kept", "guides/questions.html"),
    ("type hints mypy", "guides/questions.html"),
    ("idempotency key", "guides/questions.html"),
)
