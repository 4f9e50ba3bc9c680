"""What the tests of collecting share: a clock that only sleeps move, and short words for runs and what they leave."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from animegen.datasets.collecting import Client, Outcome, collect


@dataclass
class Clock:
    """A clock that stands still but for sleeping, which it writes down."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def run(client: Client, out: Path, query: str = "1girl", limit: int = 100, rating: Any = "general") -> list[Outcome]:
    return list(collect(query, out, client, limit=limit, rating=rating))


def done(outcomes: list[Outcome]) -> list[str]:
    return [each.done for each in outcomes]


def names(out: Path) -> set[str]:
    return {path.name for path in out.rglob("*")} if out.exists() else set()


def path_of(post: dict[str, Any]) -> str:
    return f"/data/{post['md5']}.png"
