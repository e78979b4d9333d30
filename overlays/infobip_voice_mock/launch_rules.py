"""What a launch has to keep to beyond its schema, in the words of the schema's rules."""

from collections.abc import Iterator, Sequence

from infobip_voice_mock.editions import Edition
from infobip_voice_mock.sentences import REQUIRED
from infobip_voice_mock.validation import Violations, collected
from infobip_voice_schema import models

__all__ = ["broken_rules"]

SAME_HOURS = "must be another time than from; leave both out for whole days"


def broken_rules(launch: models.IvrLaunchRequest | models.ClickToCallLaunchRequest, edition: Edition) -> Violations:
    """Return every rule that a launch breaks, by the path of the member that breaks it.

    A window that is never open is refused (R20), and in an edition with a strict `retry` one that
    lacks a member is (R18).
    """
    return collected(_broken(launch.messages, edition))


def _broken(
    messages: Sequence[models.IvrMessage | models.ClickToCallMessage], edition: Edition
) -> Iterator[tuple[str, str]]:
    for index, message in enumerate(messages):
        hours, retry = message.delivery_time_window, message.retry
        if hours and hours.to and hours.from_ == hours.to:
            yield f"messages[{index}].deliveryTimeWindow.to", SAME_HOURS
        if edition.strict_retry and retry:
            given = {"minPeriod": retry.min_period, "maxPeriod": retry.max_period, "maxCount": retry.max_count}
            for name, value in given.items():
                if not value:
                    yield f"messages[{index}].retry.{name}", REQUIRED
