"""How the tests ask for an evaluation: silently, of test seeds, with a ledger of their own."""

from pathlib import Path

from animegen.experiments.trial import Trial


def silent_trial(verb: str, count: int, out: Path) -> Trial:
    return Trial(verb=verb, count=count, split="test", out=out, say=lambda _: None, ledger=out / "seeds.json")
