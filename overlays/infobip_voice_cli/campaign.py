"""The run of a campaign: each request is noted before it is sent, and after it is answered."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Self

from infobip_voice_cli.connection import BROKEN_OFF, REJECTED, UNCERTAIN, complain
from infobip_voice_cli.journal import Call, Campaign, Journal, Totals
from infobip_voice_cli.terminal import colour, emit, is_terminal, say, write

if TYPE_CHECKING:
    from infobip_voice import Attempt, Prepared, VoiceClient

__all__ = ["Run", "Stop", "Stopped", "exit_code", "show"]

_UNTOLD_WAIT: Final = 60.0  # seconds, after a 429 that does not say how long to wait
_SLICE: Final = 0.2  # seconds between two looks at whether to stop
_MAX_SHOWN: Final = 10  # rows, or runs of rows, in a line for people


class Stopped(KeyboardInterrupt):
    """Leave at once.

    Attributes:
        waiting: nothing was under way. Otherwise the user has asked twice.
    """

    def __init__(self, *, waiting: bool = False) -> None:
        super().__init__()
        self.waiting = waiting


class Stop:
    """Turns the first Ctrl-C or SIGTERM into a wish: the answer under way is still noted."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before: dict[int, Any] = {}

    def sleep(self, seconds: float) -> None:
        """Wait that long.

        Raises:
            Stopped: the user does not want to go on.
        """
        end = time.monotonic() + seconds
        while True:
            if self.signal is not None:
                raise Stopped(waiting=True)
            left = end - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _SLICE))

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                if hasattr(signal, name):
                    number = getattr(signal, name)
                    self._before[number] = signal.signal(number, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _asked(self, number: int, _: FrameType | None) -> None:
        if self.signal is not None:
            raise Stopped
        self.signal = number
        say("stopping after the request that is under way; once more to stop at once")


class Run:
    """Sends the requests of a campaign that have no answer.

    Args:
        repeat_uncertain: send again, with the same ids, a request whose answer was lost.
        stop: whether the user wants to go on.

    Attributes:
        requests: how many requests were sent.
    """

    def __init__(self, *, repeat_uncertain: bool, stop: Stop) -> None:
        self._repeat_uncertain = repeat_uncertain
        self._stop = stop
        self._verdicts: list[str] = []
        self.requests = 0

    def trace(self, attempt: "Attempt") -> None:
        """Note how an attempt ended; for the client's option of the same name."""
        self._verdicts.append(attempt.verdict)

    def send(self, voice: "VoiceClient", journal: Journal, advance: Callable[[int], None]) -> int:
        """Send what is unanswered, one request after the other.

        Args:
            voice: the client, which traces with `trace`.
            journal: the campaign.
            advance: called with the number of calls that were got through.

        Returns:
            The exit code of what broke that off, or 0.

        Raises:
            Stopped: the user wants to stop at once.
            OSError, sqlite3.Error: the journal cannot be written. What it says is true.
        """
        for number, prepared, sent_before in journal.unanswered():
            if self._stop.signal is not None:
                return 0
            if not sent_before or self._repeat_uncertain:
                code = self._send_one(voice, journal, number, prepared, sent_before)
                if code:
                    return code
            advance(len(prepared.message_ids))
        return 0

    def _send_one(
        self, voice: "VoiceClient", journal: Journal, number: int, prepared: "Prepared[Any]", sent_before: bool
    ) -> int:
        from infobip_voice import LaunchUncertain, LaunchUnreadable, Throttled, VoiceError

        while True:
            journal.sending(number)
            self._verdicts.clear()
            self.requests += 1
            try:
                launch = voice.ivr.send(prepared, sent_before=sent_before, repeat_uncertain=self._repeat_uncertain)
            except LaunchUnreadable as error:
                journal.unreadable(number, error.body)
                complain(error, "The request was accepted, and its calls are made. The answer is in the journal.")
                return 0
            except LaunchUncertain as error:
                return complain(
                    error,
                    f"{len(error.message_ids)} call(s) may have been made. Look for their reports; run the same "
                    "command again to go on with the others, or with --repeat-uncertain to send these once more, with "
                    "their ids.",
                )
            except Throttled as error:
                self._had_no_effect(journal, number, sent_before)
                wait = error.retry_after or _UNTOLD_WAIT
                say(f"the server wants fewer requests; going on in {wait:.0f} seconds")
                self._stop.sleep(wait)
            except VoiceError as error:
                self._had_no_effect(journal, number, sent_before)
                return complain(error)
            except ValueError as error:  # it cannot be written in this wire format
                self._had_no_effect(journal, number, sent_before)
                return complain(error)
            except Stopped as stopped:
                if stopped.waiting:
                    self._had_no_effect(journal, number, sent_before)
                raise
            else:
                journal.answered(number, launch)
                if launch.others:
                    say(f"the answer has {len(launch.others)} entries of other calls; they were left out")
                return 0

    def _had_no_effect(self, journal: Journal, number: int, sent_before: bool) -> None:
        """Note that a request was not carried out, if that is so of every attempt to send it."""
        if not sent_before and all(each in ("unsent", "throttled", "refused") for each in self._verdicts):
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
    uncertain = list(journal.calls("uncertain"))
    for call in uncertain:
        emit({"messageId": call.message_id, "uncertain": True, "row": call.row})
    names = [call.message_id for call in uncertain]
    emit({"bulkId": campaign.bulk_id, "calls": sum(totals), **totals._asdict(), "uncertain": names})


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
