"""The artist: draws a character from curves. It makes training pictures and answers no request."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from PIL import Image

from animegen.chibi.artist import (
    accessories,
    background,
    body,
    expression,
    eyes,
    feelings,
    hair,
    hair_back,
    head,
    marks,
    outfit,
    palette,
)
from animegen.chibi.artist.ink import UNITS, Ink
from animegen.chibi.artist.palette import Tone
from animegen.chibi.artist.pose import HEAD, NECK, SCALE, Pose, pose
from animegen.chibi.character import HIDDEN_BY_HAT, ON_HEAD, Character

__all__ = ["draw"]

COVERS_CROWN: Final = frozenset({"hat", "headphones", "ribbon"})
"""Under these no lock stands up from the crown."""


def draw(character: Character, size: int = 256) -> Image.Image:
    """Return the RGB picture of a character, ``size`` pixels a side; the same character gives the same bytes."""
    ink = Ink(size)
    placed = pose(character)
    tint = palette.hair(character.hair_colour)
    background.draw(ink, character.background, _rng("background", character))
    with _at_head(ink, placed):
        side = hair_back.side(character.seed)
        hair_back.draw(ink, _style(character), tint, side, placed, _rng("back hair", character))
    with ink.placed(HEAD[0] + placed.x * 0.6, UNITS, placed.lean), ink.placed(0, -UNITS):
        _body(ink, character)
    with _at_head(ink, placed):
        _head(ink, character, placed, tint)
    return ink.image()


@contextmanager
def _at_head(ink: Ink, placed: Pose) -> Iterator[None]:
    """Draw relative to the middle of the head, tilted around the neck."""
    neck = HEAD[0] + placed.x, HEAD[1] + placed.y + NECK
    with ink.placed(*neck, placed.degrees, SCALE, SCALE), ink.placed(0, -NECK):
        yield


def _rng(part: str, character: Character) -> random.Random:
    """Return a part's own chance, so that what one part draws never moves another."""
    return random.Random(f"{part} {character.seed}")


def _style(character: Character) -> str:
    hidden = "hat" in character.accessories and character.hair_style in HIDDEN_BY_HAT
    return "short" if hidden else character.hair_style


def _body(ink: Ink, character: Character) -> None:
    boy = character.person == "boy"
    wear = outfit.wear(character.outfit, boy, _rng("outfit", character))
    outfit.behind(ink, character.outfit, wear)
    body.neck(ink, palette.skin(character.skin), boy)
    outfit.draw(ink, character.outfit, wear)
    if "scarf" in character.accessories:
        accessories.scarf(ink, _rng("scarf", character))


def _head(ink: Ink, character: Character, placed: Pose, tint: Tone) -> None:
    boy = character.person == "boy"
    skin = palette.skin(character.skin)
    face = expression.face(character.emotion, character.strength, character.seed)
    side = hair_back.side(character.seed)
    rng = _rng("front hair", character)
    fringe = hair.front(_style(character), placed, boy, rng)
    if character.accessories & COVERS_CROWN:
        fringe = replace(fringe, antenna=None)
    shape = head.outline(placed, boy)

    hair_back.falling(ink, character.hair_style, tint, side, placed, _rng("braid", character))
    if "cat_ears" in character.accessories:
        accessories.cat_ears(ink, tint)
    head.ears(ink, placed, skin)
    head.face(ink, shape, placed, skin, fringe.shapes())
    feelings.tint(ink, shape, face, skin)
    with ink.inside(shape):
        feelings.blush(ink, placed, face, skin, boy)
    head.nose(ink, placed, skin)
    head.mouth(ink, placed, face, skin)
    eyes.eyes(ink, placed, face, palette.iris(character.eye_colour), skin, character.gaze, boy)
    feelings.streams(ink, shape, placed, face)
    hair.draw(ink, fringe, tint, placed, background.rim(character.background), rng)
    eyes.brows(ink, placed, face, tint, boy)
    _finish(ink, character, placed, face)


def _finish(ink: Ink, character: Character, placed: Pose, face: expression.Face) -> None:
    """Draw what lies over the hair."""
    if "glasses" in character.accessories:
        accessories.glasses(ink, placed, _rng("glasses", character))
    feelings.gloom_lines(ink, placed, face)
    feelings.tear(ink, placed, face)
    for name in character.accessories & ON_HEAD:
        accessories.on_head(ink, name, -hair_back.side(character.seed), _rng(name, character))
    if "earrings" in character.accessories:
        accessories.earrings(ink, _rng("earrings", character))
    feelings.sweat(ink, placed, face)
    marks.draw(ink, placed, character.marks, _rng("marks", character))
