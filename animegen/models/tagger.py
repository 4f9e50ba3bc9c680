"""The network that tags anime pictures with a booru's words: an optional extra, from the Hub, run on the CPU.

SmilingWolf's WD taggers, version 3, know some 10,000 tags of Danbooru, characters and ratings included; a repository
has the network beside a table of its answers (https://huggingface.co/SmilingWolf/wd-vit-tagger-v3).
"""

import csv
from collections.abc import Mapping
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from animegen.datasets.tags import Tag, spell
from animegen.errors import ModelUnavailable
from animegen.messages import Message, message
from animegen.models import hub
from animegen.models.cache import HUB, Source
from animegen.models.onnx_sessions import installed, onnx_errors, open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

REPOSITORY: Final = "SmilingWolf/wd-vit-tagger-v3"
NETWORK: Final = "model.onnx"
TAGS: Final = "selected_tags.csv"
LICENCES: Final[Mapping[str, str]] = {REPOSITORY: "Apache-2.0"}
"""The licences of the taggers that are known, by repository."""
KINDS: Final[Mapping[str, str]] = {"0": "general", "4": "character"}
"""Danbooru's numbers of the kinds of tags that go into captions; 9, a rating, does not."""


def load(repository: str = REPOSITORY, source: Source = HUB) -> "Tagger":
    """Return a tagger of the Hub; where it is not here it is downloaded, which is logged with its licence.

    Raises ModelUnavailable when onnxruntime is not installed, or the tagger cannot be got or is damaged.
    """
    from animegen.models.loading import log_progress

    if not installed():
        raise ModelUnavailable("datasets.tag_extra")
    label = f"{repository} ({LICENCES.get(repository) or message('datasets.tag_unknown_licence')})"
    folder = hub.snapshot(repository, (NETWORK, TAGS), report=log_progress(label), source=source)
    session, names = open_session(folder / NETWORK, _damaged(folder / NETWORK)), _read(folder / TAGS)
    (_, height, width, colours), (_, answers) = _shapes(session)
    if height != width or colours != 3 or answers != len(names):
        raise ModelUnavailable("datasets.tag_no_tagger", repository=repository)
    return Tagger(session, names)


class Tagger:
    """Says of pictures which tags they show; ``names`` are tags with their kinds, in the order of the answers."""

    def __init__(self, session: "InferenceSession", names: list[tuple[str, str]]) -> None:
        self._session, self._names = session, names

    def read(self, image: Image.Image, threshold: float = 0.35, character_threshold: float = 0.85) -> list[Tag]:
        """Return the tags of a picture that are at least as sure as the threshold of their kind, the surest first.

        Raises ModelUnavailable when there is too little memory.
        """
        entry = self._session.get_inputs()[0]
        with onnx_errors(message("datasets.tag_failed")):
            (answers,) = self._session.run(None, {entry.name: prepare(image, entry.shape[1])})
        least = {"general": threshold, "character": character_threshold, "": inf}
        sure = zip(self._names, answers[0].tolist(), strict=True)
        found = [Tag(name=spell(name), confidence=value) for (name, kind), value in sure if value >= least[kind]]
        return sorted(found, key=lambda tag: -tag.confidence)


def prepare(image: Image.Image, side: int) -> NDArray[np.float32]:
    """Return a picture as a tagger sees it, [1, side, side, BGR] from 0 to 255, in the middle of a white square."""
    whole = image.convert("RGBA")
    longest = max(whole.size)
    square = Image.new("RGBA", (longest, longest), "white")
    square.alpha_composite(whole, ((longest - whole.width) // 2, (longest - whole.height) // 2))
    small = square.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    return np.ascontiguousarray(np.asarray(small, dtype=np.float32)[None, :, :, ::-1])


def _read(path: Path) -> list[tuple[str, str]]:
    """Return the tags of a tagger's table with their kinds, empty for a kind that goes into no caption."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [(row["name"], KINDS.get(row["category"], "")) for row in csv.DictReader(file)]
    except (KeyError, ValueError, csv.Error) as problem:
        raise ModelUnavailable(_damaged(path)) from problem


def _shapes(session: "InferenceSession") -> tuple[list[Any], list[Any]]:
    """Return the shapes of what a tagger sees and answers, four and two numbers; zeros where they are fewer or more."""
    seen, answers = session.get_inputs()[0].shape, session.get_outputs()[0].shape
    return (seen if len(seen) == 4 else [0] * 4), (answers if len(answers) == 2 else [0] * 2)


def _damaged(path: Path) -> Message:
    return message("datasets.tag_damaged", file=str(path.resolve()))
