"""What rests for a while before it is tried again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Generic, TypeVar

One = TypeVar("One")


@dataclass
class Rests(Generic[One]):
    """Those that rest, each with the moment its rest is over."""

    resting: list[tuple[float, One]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.resting)

    def __iter__(self) -> Iterator[One]:
        return (one for _, one in self.resting)

    def rest(self, one: One, seconds: float) -> None:
        """Let one rest for so many seconds."""
        self.resting.append((monotonic() + seconds, one))

    def rested(self) -> One | None:
        """The first whose rest is over, which rests no more; None where all still do."""
        found = min(self.resting, key=lambda pair: pair[0], default=None)
        if found is None or found[0] > monotonic():
            return None
        self.resting.remove(found)
        return found[1]

    def seconds(self) -> float | None:
        """How long until the next rest is over; None where none rests."""
        return max(min(until for until, _ in self.resting) - monotonic(), 0.0) if self.resting else None

    def pass_by(self) -> None:
        """Wait until the next rest is over, if any is."""
        if seconds := self.seconds():
            sleep(seconds)
