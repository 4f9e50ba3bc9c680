"""``python -m animegen.bench [--out FOLDER] [--rounds N] [--figure B4] ...``."""

import argparse
from pathlib import Path

from animegen.bench import run

if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="python -m animegen.bench", description=run.__doc__)
    options.add_argument("--out", type=Path, help="the folder for the JSON, for example bench/results")
    options.add_argument("--rounds", type=int, default=10, help="how many rounds of each figure are timed")
    options.add_argument("--figure", action="append", default=[], help="measure this one only, for example B4")
    chosen = options.parse_args()
    run(out=chosen.out, rounds=chosen.rounds, figures=chosen.figure)
