"""How a run goes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

from infobip_voice_contract.contract import Edition

__all__ = ["EXTENTS", "Extent", "Profile", "Settings"]

Profile = Literal["quick", "full"]


class Extent(NamedTuple):
    """How much a profile plays.

    Attributes:
        conversations: How many conversations.
        examples: How many generated requests of each kind, valid and invalid, for each cell.
    """

    conversations: int
    examples: int


EXTENTS: Final[dict[Profile, Extent]] = {"quick": Extent(24, 10), "full": Extent(200, 100)}
"""What a profile plays is fixed; how long it takes is not."""


@dataclass(frozen=True)
class Settings:
    """How a run goes.

    Attributes:
        base_url: Where the server is, for the journal.
        edition: Which of the API's two forms it speaks.
        profile: `quick` or `full`.
        destructive: Whether calls may be launched and reports consumed.
        seed: The seed of what is random.
        shared: Whether others use the account: then only own launches are read.
        rate: The most requests a second; None for as many as there are.
        report_within: How long to wait for the report of the first call, in seconds.
        deadline: How long the run may take, in seconds; None for as long as it does.
        foreign: A file for reports of others, which exist nowhere else once they were handed out.
        raised: Ids, groups and sources of rules whose breach counts as a failure.
        required: Groups of rules that may not be inconclusive.
        placeholders: The placeholders that the credentials can fill in.
    """

    base_url: str = ""
    edition: Edition = "seeds"
    profile: Profile = "quick"
    destructive: bool = False
    seed: int = 0
    shared: bool = False
    rate: float | None = None
    report_within: float = 60.0
    deadline: float | None = None
    foreign: Path | None = None
    raised: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    placeholders: frozenset[str] = frozenset()

    @property
    def extent(self) -> Extent:
        """How much is played."""
        return EXTENTS[self.profile]
