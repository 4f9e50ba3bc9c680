"""The record of a weights folder: what was run to make it, on what machine, and how well each part does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from animegen.training.recipe import Recipe

FILE: Final = "record.json"
Shares = Mapping[str, float]
"""A share of right answers for each attribute."""


class Machine(BaseModel):
    """What the weights were made on: a torch device, a processor, and how many threads torch used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    device: str
    processor: str
    threads: int


class Reading(BaseModel):
    """How well the text encoder reads captions, and the examination's prompts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    captions: Shares
    prompts: Shares


class Record(BaseModel):
    """What is known of a weights folder; unknown keys are refused.

    ``recipes`` are all those that a stage was trained by, one after the other; ``origins`` hashes of what each stage
    learned from; ``controlnet_base`` the hash of the UNet that the ControlNet was trained on, None without one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    animegen: str
    libraries: Mapping[str, str]
    machine: Machine
    recipes: Mapping[str, tuple[Recipe, ...]]
    parameters: Mapping[str, int]
    held_out_renders: int
    judge_accuracy: Shares
    judge_accuracy_on_reconstructions: Shares
    autoencoder_psnr_db: float
    read_rightly: Reading
    origins: Mapping[str, str] = {}
    controlnet_base: str | None = None

    def write(self, folder: Path) -> None:
        """Write the record of a weights folder."""
        text = self.model_dump_json(indent=2, exclude_none=True)
        (folder / FILE).write_text(f"{text}\n", encoding="utf-8")


def read(folder: Path) -> Record:
    """Return the record of a weights folder."""
    return Record.model_validate_json((folder / FILE).read_bytes())
