"""Training pictures for LoRAs of chibi: the artist's renders in a look, or of an invented character.

``python -m animegen.chibi.build.lora_data watercolor data/watercolor`` draws those of a look,
``... juno data/juno`` those of a character. The same name gives the same bytes.
"""

import random
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer
from PIL import Image

from animegen.chibi import artist
from animegen.chibi.artist.looks import LOOKS, finish
from animegen.chibi.build.networks import SIZE
from animegen.chibi.captions import caption
from animegen.chibi.character import Character, characters
from animegen.chibi.invented import Invented, invented

LOOK_PICTURES: Final = 60
CHARACTER_PICTURES: Final = 20
REGULARIZATION: Final = 100
"""Renders of other characters, which teach that a picture without the trigger stays as it is."""
SEED: Final = 16
Captioned = tuple[Image.Image, str]


def write_look(look: str, folder: Path) -> None:
    """Write LOOK_PICTURES renders in a look to ``folder``/<look>, with captions that do not name it."""
    rng = random.Random(f"{look} {SEED}")
    people = characters("train", SEED, LOOK_PICTURES)
    renders = ((finish(_draw(person), look, number), caption(person, rng)) for number, person in enumerate(people))
    write(renders, folder / look)


def write_character(character: Invented, folder: Path) -> None:
    """Write renders of a character to ``folder``/training/20_<name>, and of others to regularization/1_1<person>.

    Captions of the character name what changes from picture to picture, and neither its traits nor its trigger. So do
    two in three of the others': else silence about hair and eyes would call the character as well as its trigger does.
    """
    rng = random.Random(f"{character.name} {SEED}")
    appearances = character.people("train", SEED, CHARACTER_PICTURES)
    others = (person for person in characters("train", SEED, 4 * REGULARIZATION) if _may_stand_for(character, person))
    write(
        ((_draw(person), character.caption(person, rng)) for person in appearances),
        folder / "training" / f"20_{character.name}",
    )
    chosen = list(islice(others, REGULARIZATION))
    write(
        ((_draw(person), _text(character, person, number, rng)) for number, person in enumerate(chosen)),
        folder / "regularization" / f"1_1{character.traits['person']}",
    )


def write(renders: Iterable[Captioned], folder: Path) -> None:
    """Write pictures as PNG with their captions in .txt, numbered."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (image, text) in enumerate(renders, 1):
        image.save(folder / f"{number:04d}.png")
        (folder / f"{number:04d}.txt").write_text(f"{text}\n", encoding="utf-8")


def _draw(person: Character) -> Image.Image:
    return artist.draw(person, SIZE)


def _text(character: Invented, person: Character, number: int, rng: random.Random) -> str:
    return caption(person, rng) if number % 3 == 0 else character.caption(person, rng)


def _may_stand_for(character: Invented, person: Character) -> bool:
    """Say whether a person is of the character's class and is not the character."""
    return person.person == character.traits["person"] and character.describe(person) != person


def main(
    name: Annotated[str, typer.Argument(help=f"A look ({', '.join(LOOKS)}) or an invented character.")],
    folder: Annotated[Path, typer.Argument(help="Where the pictures go.")],
) -> None:
    """Draw the training pictures of a LoRA."""
    if name in LOOKS:
        write_look(name, folder)
    elif name in invented():
        write_character(invented()[name], folder)
    else:
        raise typer.BadParameter(f"there is no {name!r}; choose one of {', '.join([*LOOKS, *invented()])}")


if __name__ == "__main__":
    typer.run(main)
