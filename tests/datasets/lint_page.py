"""The page docs/dataset-lint.md: what the linter says of a folder in which much is wrong, made here.

Rendered by `python -m tests.datasets.lint_page > docs/dataset-lint.md`.
"""

import os
import shutil
from contextlib import chdir, redirect_stdout, suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from animegen.chibi.artist import draw
from animegen.chibi.character import Character, sample
from animegen.cli import main

COMMAND = "animegen dataset lint mika --recipe mika.yaml"
RECIPE = """\
name: mika
data:
  folder: mika
  regularization: girls
  trigger: mika
  shuffle: true
  flip: true
adapter: {rank: 8}
epochs: 10
batch_size: 4
"""
PAGE = """\
# Checking a folder of training pictures

`animegen dataset lint DIR` says what training would make of a folder before the first step: the tree as it was
understood, steps and learning rates, the size of the file to come, how often each tag stands in the captions, and what
is wrong, each with its fix. `--recipe FILE` checks the folder under a recipe's settings; without it, default settings
are used and the layout is guessed. `--json` prints all of it for scripts.

An **error** has to be mended before the first step, and the command leaves with exit code 1. A **warning** is learned
as it is, and the LoRA will be worse for it. A **note** can be ignored.

This folder was made to have much wrong with it:

```
{tree}
```

under this recipe, `mika.yaml`:

```yaml
{recipe}
```

`{command}` prints

```
{printed}
```

This page is rendered by `python -m tests.datasets.lint_page`.
"""


def render() -> str:
    """Return the page."""
    with TemporaryDirectory() as folder, chdir(folder):
        write_broken(Path())
        columns = os.environ.get("COLUMNS", "")
        os.environ["COLUMNS"] = "120"
        printed = StringIO()
        with redirect_stdout(printed), suppress(SystemExit):
            main(COMMAND.split()[1:])
        os.environ["COLUMNS"] = columns
        lines = (line.rstrip() for line in printed.getvalue().rstrip().splitlines())
        return PAGE.format(tree=tree(Path()), recipe=RECIPE.rstrip(), command=COMMAND, printed="\n".join(lines))


def write_broken(root: Path) -> None:
    """Write pictures of one character, with what people get wrong, and a recipe."""
    own = root / "mika/10_mika"
    own.mkdir(parents=True)
    for number, character in enumerate(characters(14)):
        words = [character.outfit.replace("_", " "), f"{character.background} background"]
        eyes = "closed eyes" if number < 11 else "looking at viewer"
        draw(character).save(own / f"{number:02}.png")
        caption = ", ".join(["1girl", "silver hair", "twintails", "red eyes", eyes, *words])
        (own / f"{number:02}.txt").write_text(caption, encoding="utf-8")
    (own / "01.txt").write_bytes("銀髪, ツインテール".encode("cp932"))
    (own / "02.txt").unlink()
    (own / "03.txt").write_text("", encoding="utf-8")
    (own / "04.caption").write_text("1girl", encoding="utf-8")
    (own / "05.txt").write_text("1girl, silver hair, twintails, red eyes, eyepatch, hoodie", encoding="utf-8")
    (own / "06.png").write_bytes((own / "06.png").read_bytes()[:5_000])
    for ending in (".png", ".txt"):
        shutil.copy(own / f"07{ending}", own / f"07 copy{ending}")
        shutil.copy(own / f"08{ending}", own / f"08 small{ending}")
    draw(characters(9)[8]).resize((160, 160)).save(own / "08 small.png")
    (root / "mika/outfits").mkdir()
    draw(characters(1)[0]).save(root / "mika/outfits/kimono.png")
    (root / "girls/1_girl").mkdir(parents=True)
    for number in range(3):
        draw(sample(Random(number))).save(root / f"girls/1_girl/{number}.png")
        (root / f"girls/1_girl/{number}.txt").write_text("mika, 1girl" if number == 0 else "1girl", encoding="utf-8")
    (root / "mika.yaml").write_text(RECIPE, encoding="utf-8")


def characters(count: int) -> list[Character]:
    """Return the same girl in other moods, clothes and places."""
    chance = Random(7)
    found = (sample(chance) for _ in range(count))
    same = {"person": "girl", "hair_colour": "silver", "hair_style": "twintails", "eye_colour": "red", "skin": "pale"}
    return [replace(character, **same) for character in found]


def tree(root: Path) -> str:
    """Return the files of a folder, those of each sub-folder in a line."""
    lines = []
    for folder in sorted({path.parent for path in root.rglob("*") if path.is_file()}):
        files = sorted(path.name for path in folder.iterdir() if path.is_file())
        lines.append(f"{folder.as_posix()}/" if folder.parts else "./")
        lines += ["  " + ", ".join(files[start : start + 8]) for start in range(0, len(files), 8)]
    return "\n".join(lines)


if __name__ == "__main__":
    print(render(), end="")
