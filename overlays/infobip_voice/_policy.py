"""What to do after an attempt: one pure table, without I/O, clock or randomness.

| verdict   | signals                                                       | launch          | reports               |
|-----------|---------------------------------------------------------------|-----------------|-----------------------|
| unsent    | no connection, no proxy: not one whole request was written    | again           | again                 |
| throttled | 429                                                           | again           | again                 |
| refused   | 3xx, 400, 401, 403, 404, 405, 406, 413, 415                   | stop            | stop                  |
| uncertain | reset or timeout after writing, cut 2xx, 5xx, any other status | stop, by default | a gap; a drain goes on |
| answered  | a whole 2xx                                                   | stop            | stop                  |

A status outside this table says nothing about the effect (a gateway's 408 or 499 is sent while the request is under way):
calling it uncertain costs a look, calling it refused could cost a second call.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from infobip_voice._messages import Operation, Outcome, Phase, Verdict

__all__ = ["NO_RETRIES", "Budget", "Decision", "decide", "retry_after"]

_REFUSED: Final = frozenset({400, 401, 403, 404, 405, 406, 413, 415})


class Budget(NamedTuple):
    """Say how often and how long *requests* may be repeated. (Not the platform's redialling, which is `redial`.)

    Attributes:
        attempts: the most attempts, the first included.
        seconds: the most seconds from the first attempt to the start of the last.
        first_wait: the longest wait before the second attempt, in seconds; it doubles from attempt to attempt, and the
            wait is drawn evenly between nothing and that (full jitter).
        longest_wait: what neither that nor the server's `Retry-After` can exceed, in seconds.
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
        again: whether another attempt follows, after `at_least` seconds and a random part of `spread` seconds.
    """

    verdict: Verdict
    again: bool = False
    at_least: float = 0.0
    spread: float = 0.0


def decide(operation: Operation, outcome: Outcome, attempt: int, elapsed: float, budget: Budget) -> Decision:
    """Return what attempt number `attempt`, the first being 1, came to after `elapsed` seconds, and what to do next."""
    verdict = _verdict(outcome.phase, outcome.status)
    if verdict in ("answered", "refused") or (verdict == "uncertain" and not operation.repeat_uncertain):
        return Decision(verdict)
    at_least, spread = 0.0, min(budget.longest_wait, budget.first_wait * 2 ** min(attempt - 1, 30))
    asked = retry_after(outcome.headers) if verdict == "throttled" else None
    if asked is not None:
        at_least, spread = min(asked, budget.longest_wait), min(budget.first_wait, budget.longest_wait)
    if attempt >= budget.attempts or elapsed + at_least + spread > budget.seconds:
        return Decision(verdict)
    return Decision(verdict, True, at_least, spread)


def _verdict(phase: Phase, status: int | None) -> Verdict:
    if phase == "unsent":
        return "unsent"
    if status is None:
        return "uncertain"
    # From here the status line arrived. Where it alone is the verdict, a cut body does not matter.
    if status == 429:
        return "throttled"
    if status in _REFUSED or 300 <= status < 400:
        return "refused"
    return "answered" if 200 <= status < 300 and phase == "answered" else "uncertain"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks for, or None.

    A date is read against the answer's own `Date`, so that no clock of ours is involved (RFC 9110, section 10.2.3).
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())
