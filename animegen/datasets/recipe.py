"""The part of a recipe that says which pictures are learned from, under which captions, and at which sizes."""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Layout = Literal["kohya", "folders", "metadata"]
"""How a folder says what its pictures are: `<repeats>_<class>/`, a tag by sub-folder, or `metadata.jsonl`."""
MAX_REPEATS: Final = 10_000
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class DataRecipe(BaseModel):
    """Which pictures a run learns from. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path = Field(description="Folder of the training pictures, relative to the recipe's own folder.")
    layout: Layout = Field(
        default="kohya",
        description="kohya: sub-folders `36_name` (36 repeats, class `name`). folders: each sub-folder is a tag "
        "(`happy_anime`). metadata: a `metadata.jsonl` with `file_name` and `text`.",
    )
    regularization: Path | None = Field(
        default=None,
        description="Folder of regularisation pictures in the same layout; they teach the class, not the trigger.",
    )
    prior_loss_weight: float = Field(default=1.0, ge=0, description="Weight of the loss of regularisation pictures.")
    trigger: str = Field(default="", description="Words put in front of every training caption and always kept there.")
    exclude: tuple[str, ...] = Field(default=(), description="Tags taken out of every caption.")
    keep_tokens: int = Field(
        default=0,
        ge=0,
        description="First tags of a caption, the trigger not counted, that are neither shuffled nor dropped; "
        "`|||` after them in a caption says it instead.",
    )
    shuffle: bool = Field(default=False, description="Put the other tags in a new order each time.")
    tag_dropout: float = Field(
        default=0.0, ge=0, lt=1, description="Probability that one of the other tags is left out."
    )
    caption_dropout: float = Field(
        default=0.1, ge=0, lt=1, description="Probability that a caption is empty, for classifier-free guidance."
    )
    repeats: int = Field(
        default=1, ge=1, le=MAX_REPEATS, description="Repeats a picture, for the layouts that name none."
    )
    resolution: int | None = Field(
        default=None,
        ge=64,
        le=2048,
        multiple_of=8,
        description="Side of a square with a training picture's area, in pixels; unset is the model's native size.",
    )
    buckets: bool = Field(
        default=True, description="Keep each picture's aspect in a bucket of its own; else cut squares."
    )
    bucket_step: int = Field(
        default=64, ge=8, multiple_of=8, description="Sides of buckets are multiples of it, in pixels."
    )
    max_aspect: float = Field(default=2.0, ge=1, le=4, description="Widest bucket, as long side over short side.")
    upscale: bool = Field(
        default=True, description="Enlarge pictures that are smaller than their bucket; else they are refused."
    )
    flip: bool = Field(
        default=False, description="Mirror every second use of a picture; not for characters that are not symmetrical."
    )
    background: Colour = Field(default="#ffffff", description="Colour behind transparent pictures.")
    masked_loss: bool = Field(default=False, description="Learn only where a picture is opaque.")
    validation: float = Field(
        default=0.0,
        ge=0,
        le=0.5,
        description="Share of the pictures that is never trained on and measures the stable loss.",
    )
