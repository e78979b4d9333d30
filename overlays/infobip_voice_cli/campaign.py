"""The run of a campaign: each request is noted before it is sent, and after it is answered."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextvars import ContextVar
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from infobip_voice_cli.connection import BROKEN_OFF, FAILED, REJECTED, UNCERTAIN, code_of, in_words
from infobip_voice_cli.journal import Call, Campaign, Journal, Totals
from infobip_voice_cli.stop import GLANCE, Stop
from infobip_voice_cli.terminal import colour, emit, is_terminal, say, write

if TYPE_CHECKING:
    from infobip_voice import AsyncVoiceClient, Attempt, Prepared

__all__ = ["Run", "StoppedWaiting", "Throttle", "exit_code", "show", "trace"]

_UNTOLD_WAIT: Final = 60.0  # seconds, after a 429 that does not say how long to wait
_MAX_SHOWN: Final = 10  # rows, or runs of rows, in a line for people


class StoppedWaiting(Exception):
    """Do not wait any longer: the run is to end, and this request is not under way."""


class Throttle:
    """One pace for all connections: while one of them has to wait, none begins a request.

    Args:
        stop: whether the run is to end.
        clock: tells the time, in seconds.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        stop: Stop,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._stop = stop
        self._clock = clock
        self._sleep = sleep
        self._until = 0.0

    async def wait(self, seconds: float) -> None:
        """Let everybody wait that long.

        Raises:
            StoppedWaiting: the run is to end.
        """
        self._until = max(self._until, self._clock() + seconds)
        await self.turn()

    async def turn(self) -> None:
        """Wait as long as anybody has to.

        Raises:
            StoppedWaiting: the run is to end.
        """
        while not self._stop.is_wanted:
            left = self._until - self._clock()
            if left <= 0:
                return
            await self._sleep(min(left, GLANCE))
        raise StoppedWaiting


_VERDICTS: ContextVar[list[str]] = ContextVar("verdicts of the attempts of one request")


def trace(attempt: "Attempt") -> None:
    """Note how an attempt ended, for the request that the task is sending."""
    _VERDICTS.get().append(attempt.verdict)


class Run:
    """Sends the requests of a campaign that have no answer.

    Args:
        repeat_uncertain: send again, with the same ids, a request whose answer was lost.
        stop: whether the run is to end.
        throttle: when a request may begin. The client waits by it, too, and traces with `trace`.
        connections: how many requests may be under way at once.

    Attributes:
        requests: how many requests were sent.
    """

    def __init__(self, *, repeat_uncertain: bool, stop: Stop, throttle: Throttle, connections: int) -> None:
        self._repeat_uncertain = repeat_uncertain
        self._stop = stop
        self._throttle = throttle
        self._connections = connections
        self._said: set[str] = set()
        self.requests = 0

    async def send(self, voice: "AsyncVoiceClient", journal: Journal, advance: Callable[[int], None]) -> int:
        """Send what is unanswered, in order, so many at once.

        After the first trouble nothing new begins; the answers under way are still noted.

        Args:
            voice: the client.
            journal: the campaign.
            advance: called with the number of calls that were got through.

        Returns:
            The exit code of what broke that off, or 0.

        Raises:
            Stopped: the user wants to stop at once.
            OSError, sqlite3.Error: the journal cannot be written. What it says is true.
        """
        requests = journal.unanswered()
        connections = (self._connection(voice, journal, requests, advance) for _ in range(self._connections))
        for ended in await asyncio.gather(*connections, return_exceptions=True):
            if ended is not None:
                raise ended
        return self._stop.trouble

    async def _connection(
        self,
        voice: "AsyncVoiceClient",
        journal: Journal,
        requests: "Iterator[tuple[int, Prepared[Any], bool]]",
        advance: Callable[[int], None],
    ) -> None:
        try:
            while True:
                await self._throttle.turn()
                # Nothing is awaited between taking a request and noting that it is sent.
                number, prepared, sent_before = next(requests, (0, None, False))
                if prepared is None:
                    return
                if not sent_before or self._repeat_uncertain:
                    code = await self._send_one(voice, journal, number, prepared, sent_before)
                    if code:
                        self._stop.trouble = self._stop.trouble or code
                        return
                advance(len(prepared.message_ids))
        except StoppedWaiting:
            return
        except Exception:
            self._stop.trouble = self._stop.trouble or FAILED
            raise

    async def _send_one(
        self, voice: "AsyncVoiceClient", journal: Journal, number: int, prepared: "Prepared[Any]", sent_before: bool
    ) -> int:
        from infobip_voice import LaunchUncertain, LaunchUnreadable, Throttled, VoiceError

        verdicts: list[str] = []
        _VERDICTS.set(verdicts)
        while True:
            journal.sending(number)
            verdicts.clear()
            self.requests += 1
            try:
                launch = await voice.ivr.send(
                    prepared, sent_before=sent_before, repeat_uncertain=self._repeat_uncertain
                )
            except LaunchUnreadable as error:
                journal.unreadable(number, error.body)
                self._complain(error, "The request was accepted, and its calls are made. The answer is in the journal.")
                return 0
            except LaunchUncertain as error:
                return self._complain(
                    error,
                    "The calls of that request may have been made. Look for their reports; run the same command again "
                    "to go on with the others, or with --repeat-uncertain to send these once more, with their ids.",
                )
            except Throttled as error:
                self._had_no_effect(journal, number, sent_before, verdicts)
                wait = error.retry_after or _UNTOLD_WAIT
                say(f"the server wants fewer requests; going on in {wait:.0f} seconds")
                await self._throttle.wait(wait)
            except (VoiceError, ValueError) as error:  # or it cannot be written in this wire format
                self._had_no_effect(journal, number, sent_before, verdicts)
                return self._complain(error)
            except StoppedWaiting:
                self._had_no_effect(journal, number, sent_before, verdicts)
                raise
            else:
                journal.answered(number, launch)
                if launch.others:
                    say(f"the answer has {len(launch.others)} entries of other calls; they were left out")
                return 0

    def _complain(self, error: Exception, advice: str = "") -> int:
        """Say what went wrong, once for all connections, and return the exit code for it."""
        words = in_words(error, advice)
        if words not in self._said:
            self._said.add(words)
            say(words)
        return code_of(error)

    def _had_no_effect(self, journal: Journal, number: int, sent_before: bool, verdicts: list[str]) -> None:
        """Note that a request was not carried out, if that is so of every attempt to send it."""
        if not sent_before and all(each in ("unsent", "throttled", "refused") for each in verdicts):
            journal.unsent(number)


def exit_code(totals: Totals, trouble: int = 0, stopped_by: int | None = None) -> int:
    """Return what the state of a campaign means, for whoever called the command.

    Args:
        totals: how far it is.
        trouble: the code of what broke this run off.
        stopped_by: the signal that did.
    """
    if totals.uncertain:
        return UNCERTAIN
    if totals.unsent:
        if stopped_by is not None:
            return 128 + stopped_by
        return BROKEN_OFF if totals.sent or not trouble else trouble
    return REJECTED if totals.rejected or totals.unreadable else 0


def show(journal: Journal, campaign: Campaign) -> None:
    """Print how far a campaign is: for people on a terminal, and as JSON lines for programs.

    Raises:
        OSError: nobody reads it, or the disk is full.
    """
    totals = journal.totals()
    if is_terminal(sys.stdout):
        _show_people(journal, campaign, totals)
        return
    for call in journal.calls("rejected"):
        emit({"messageId": call.message_id, "rejected": call.state, "row": call.row})
    for call in journal.calls("uncertain"):
        emit({"messageId": call.message_id, "uncertain": True, "row": call.row})
    emit({"bulkId": campaign.bulk_id, "calls": sum(totals), **totals._asdict()})


def _show_people(journal: Journal, campaign: Campaign, totals: Totals) -> None:
    write(f"{campaign.source}: {sum(totals)} call(s) by {campaign.account}")
    write(f"at {campaign.server}")
    write(f"bulk {campaign.bulk_id}")
    meaning = {
        "accepted": ("green", "the platform dials them"),
        "rejected": ("red", "the platform does not dial them"),
        "unreadable": ("yellow", "dialled; the answer could not be read"),
        "uncertain": ("yellow", "sent, but no answer came: maybe dialled"),
        "unsent": ("bold", "not sent yet"),
    }
    for state, count in totals._asdict().items():
        if count:
            shade, words = meaning[state]
            write(f"  {colour(f'{state:<10} {count:>7}', shade)}  {words}")
            if state == "rejected":
                for reason, calls in _by_state(journal.calls(state)):
                    write(f"      {reason}: {_rows(calls)}")
            elif state != "accepted":
                write(f"      {_rows(journal.calls(state))}")


def _by_state(calls: Iterable[Call]) -> Iterator[tuple[str, list[Call]]]:
    ordered = sorted(calls, key=lambda call: call.state)
    for state, group in groupby(ordered, key=lambda call: call.state):
        yield state, list(group)


def _rows(calls: Iterable[Call]) -> str:
    """Return the rows of calls in words: `rows 3-5, 9`."""
    runs: list[list[int]] = []
    for row in sorted(call.row for call in calls):
        if runs and row <= runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    more = [f"and {len(words) - _MAX_SHOWN} more"] if len(words) > _MAX_SHOWN else []
    word = "row" if words == words[:1] and "-" not in words[0] else "rows"
    return f"{word} {', '.join(words[:_MAX_SHOWN] + more)}"
