"""What to do after an attempt: one pure table, without I/O, clock or randomness.

| verdict   | signals                                               | launch           | reports   |
| --------- | ----------------------------------------------------- | ---------------- | --------- |
| unsent    | no connection: not one whole request was written      | again            | again     |
| throttled | 429                                                   | again            | again     |
| refused   | 301, 302, 307, 308, every registered 4xx but three    | stop             | stop      |
| uncertain | reset or timeout after writing, cut 2xx, other status | stop (1)         | a gap (2) |
| answered  | a whole 2xx                                           | stop             | stop      |

(1) Unless `repeat_uncertain` is asked for. An operation that the contract calls idempotent
(`x-idempotent`) would be sent again; none of the three is.
(2) Because the contract says that reading consumes (`x-consumes-on-read`). A drain goes on.

The registry is IANA's of HTTP status codes, and the three are 408, 409 and 429 (ruling R22). A
status that is not in this table says nothing about the effect: a 499 is sent by a proxy while the
request is under way, and a 303 means that it was processed. Calling it uncertain costs a look,
calling it refused could cost a second call.

"Again" ends with the budget; where `Retry-After` asks for a longer wait than the budget has; and at
an outcome that is `final`, since another attempt would only fail alike.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from infobip_voice._messages import Operation, Outcome, Phase, Verdict

__all__ = ["NO_RETRIES", "Budget", "Decision", "decide", "retry_after"]

_REFUSED: Final = frozenset({
    301, 302, 307, 308,
    400, 401, 402, 403, 404, 405, 406, 407, 410, 411, 412, 413, 414, 415, 416, 417,
    421, 422, 423, 424, 425, 426, 428, 431, 451,
})  # fmt: skip
_SECONDS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MAX_RETRY_AFTER: Final = 2.0**31  # a wait that is longer is this one (RFC 9111, section 1.2.2)


class Budget(NamedTuple):
    """Say how often and how long *requests* may be repeated.

    (This is not the platform's redialling, which is `redial`.)

    A server's `Retry-After` is obeyed, with up to `first_wait` seconds added, or declined: where it
    asks for more than `longest_wait`, or for more than is left of `seconds`, the request is not
    repeated.

    Attributes:
        attempts: the most attempts, the first included.
        seconds: the most seconds from the first attempt to the start of the last.
        first_wait: the longest wait before the second attempt, in seconds; it doubles from attempt
            to attempt, and the wait is drawn evenly between nothing and that (full jitter).
        longest_wait: what that cannot exceed, and the longest `Retry-After` that is obeyed, in
            seconds.
    """

    attempts: int = 4
    seconds: float = 60.0
    first_wait: float = 0.5
    longest_wait: float = 30.0


NO_RETRIES: Final = Budget(attempts=1)


class Decision(NamedTuple):
    """What an attempt came to, and whether to make another.

    Attributes:
        verdict: what the attempt came to.
        again: whether another attempt follows, after `at_least` seconds and a random part of
            `spread` seconds.
    """

    verdict: Verdict
    again: bool = False
    at_least: float = 0.0
    spread: float = 0.0


def decide(operation: Operation, outcome: Outcome, attempt: int, elapsed: float, budget: Budget) -> Decision:
    """Return what an attempt came to, and what to do next.

    Args:
        operation: what was asked for.
        outcome: what the attempt brought.
        attempt: its number; the first is 1.
        elapsed: the seconds since the first began.
        budget: the bounds of all attempts.
    """
    verdict = _verdict(outcome.phase, outcome.status)
    stop = Decision(verdict)
    if verdict in ("answered", "refused") or (verdict == "uncertain" and not operation.may_be_repeated):
        return stop
    if outcome.final or attempt >= budget.attempts:
        return stop
    left = budget.seconds - elapsed
    if outcome.status in (429, 503) and outcome.headers.get("retry-after", "").strip():
        asked = retry_after(outcome.headers)
        # One that cannot be read is declined: any wait of ours might be too short.
        if asked is None or asked > min(left, budget.longest_wait):
            return stop
        return Decision(verdict, True, asked, min(budget.first_wait, left - asked))
    spread = min(budget.longest_wait, budget.first_wait * 2 ** min(attempt - 1, 30))
    return stop if spread > left else Decision(verdict, True, 0.0, spread)


def _verdict(phase: Phase, status: int | None) -> Verdict:
    if phase == "unsent":
        return "unsent"
    if status is None:
        return "uncertain"
    # From here the status line arrived. Where it alone is the verdict, a cut body does not matter.
    if status == 429:
        return "throttled"
    if status in _REFUSED:
        return "refused"
    return "answered" if 200 <= status < 300 and phase == "answered" else "uncertain"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks for, or None if it is missing or cannot be read.

    A date is read against the answer's own `Date`, so that no clock of ours is involved (RFC 9110,
    section 10.2.3).
    """
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), _MAX_RETRY_AFTER)
    try:
        # A date without a zone is one of the older forms, which are in UTC too.
        until, now = (parsedate_to_datetime(date) for date in (text, headers.get("date", "")))
        wait = until.replace(tzinfo=until.tzinfo or UTC) - now.replace(tzinfo=now.tzinfo or UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, wait.total_seconds())
