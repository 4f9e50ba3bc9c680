"""Data folders for tests, in each layout, with tiny pictures that differ from each other."""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from animegen.datasets.dataset import Dataset, Sample
from animegen.datasets.recipe import DataRecipe


def drawing(seed: object, size: tuple[int, int] = (64, 64), mode: str = "RGB") -> Image.Image:
    """Return rectangles that the seed decides; of a mode with alpha, they stand before nothing."""
    chance = Random(str(seed))
    image = Image.new(mode, size, "#00000000" if mode == "RGBA" else "white")
    draw = ImageDraw.Draw(image)
    for _ in range(4):
        left, top = chance.randrange(size[0] // 2), chance.randrange(size[1] // 2)
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.rectangle((left, top, left + size[0] // 3, top + size[1] // 3), fill=colour)
    return image


def write_picture(path: Path, caption: str | None = None, *, image: Image.Image | None = None, **drawn: Any) -> Path:
    """Write a picture, and its caption beside it as `.txt` where it has one; ``drawn`` goes to ``drawing``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    (image or drawing(path.name, **drawn)).save(path)
    if caption is not None:
        path.with_suffix(".txt").write_text(caption, encoding="utf-8")
    return path


def write_tree(root: Path, captions: Mapping[str, str | None]) -> Path:
    """Write a picture for each path in the folder, with its caption where it has one."""
    root.mkdir(parents=True, exist_ok=True)
    for name, caption in captions.items():
        write_picture(root / name, caption)
    return root


def write_kohya(root: Path, regularization: bool = False) -> Path:
    """Write six training pictures, 11 uses an epoch, or three regularisation pictures, two without captions."""
    if regularization:
        return write_tree(root, {"1_girl/x.png": None, "1_girl/y.png": None, "2_boy/z.png": "1boy, smile"})
    return write_tree(
        root,
        {
            "3_miko girl/a.png": "1girl, blue hair, smile",
            "3_miko girl/b.png": "1girl, blue_hair, open mouth, hat",
            "3_miko girl/c.png": None,
            "1_boy/a.png": "1boy, red hair",
            "1_boy/b.jpg": "1boy, hat",
            "0_unused/a.png": None,
            "notes/a.png": None,
        },
    )


def write_folders(root: Path) -> Path:
    """Write four pictures in two folders whose names are tags; one has a caption."""
    names = ("happy_anime/a.png", "happy_anime/b.png", "watercolor/a.png")
    return write_tree(root, {**dict.fromkeys(names), "watercolor/b.png": "1girl, red hair"})


def write_metadata(root: Path, texts: Mapping[str, str] | None = None) -> Path:
    """Write pictures with a `metadata.jsonl` that names their texts; by default three, one in a sub-folder."""
    texts = texts or {"a.png": "1girl, blue hair", "b.png": "1boy", "more/c.png": "1girl, smile"}
    write_tree(root, dict.fromkeys(texts))
    rows = [json.dumps({"file_name": name, "text": text}, ensure_ascii=False) for name, text in texts.items()]
    (root / "metadata.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return root


def recipe(folder: Path | str = "data", **values: Any) -> DataRecipe:
    """Return a recipe of small squares, without dropout unless ``values`` says otherwise."""
    return DataRecipe(**{"folder": folder, "resolution": 64, "bucket_step": 8, "caption_dropout": 0, **values})


def sample(name: str = "a.png", caption: str = "1girl, blue hair, smile", **values: Any) -> Sample:
    """Return a sample without a file."""
    usual = {"folder_words": "", "captioned": True, "repeats": 1, "size": (64, 64), "transparent": False}
    return Sample(path=Path("data", name), caption=caption, **{**usual, **values})


def dataset(training: list[Sample], regularization: list[Sample] | None = None) -> Dataset:
    """Return a dataset without files and without a validation split."""
    return Dataset(
        root=Path("data"),
        training=tuple(training),
        validation=(),
        regularization=tuple(regularization or ()),
        ignored=(),
    )
