"""The stages that make chibi, each trained in a run folder of its own; a finished stage is only read again."""

import hashlib
import json
import tomllib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from safetensors.torch import load_file, save, save_file
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from animegen.chibi.build import autoencoder, controlnet, diffusion, judge, networks, text, texts
from animegen.chibi.build.renders import Renders
from animegen.chibi.character import Split
from animegen.chibi.judge import Judge
from animegen.chibi.judge import load as load_judge
from animegen.errors import TrainingFailed
from animegen.models.controlnet import BASE, FOLDER, fits
from animegen.training.loop import Training
from animegen.training.recipe import Recipe

GENERATOR_SEED: Final = 1
JUDGE_SEED: Final = 2
"""The judge learns from other characters than the generator: renders that the generator never saw."""
HELD_OUT_SEED: Final = 10_000
RECIPES: Final = Path(__file__).with_name("recipes.toml")
SIDES: Final = {"unet_small": networks.SIZE // 2, "unet": networks.SIZE}
"""Side of the pictures that a UNet learns from, a recipe each, in pixels: it is trained small and grows."""


class Stage(StrEnum):
    """A part of chibi that is trained by itself."""

    JUDGE = "judge"
    AUTOENCODER = "autoencoder"
    TEXT = "text"
    UNET = "unet"
    CONTROLNET = "controlnet"


@dataclass(frozen=True)
class Workshop:
    """Makes chibi's networks in ``folder`` on ``device``.

    ``warm`` is a weights folder to start from, None for nothing; ``stages`` are trained, the others kept as they are
    in ``warm``; the stages of ``anew`` start from nothing all the same; ``recipes`` says how each stage is trained.
    Each property trains its network on first use, or resumes, or finds it trained, and tells ``report`` how it goes;
    what ``report`` raises stops a training after it has written a checkpoint.
    Raises TrainingFailed when a part is to be kept and there is nothing to keep it from.
    """

    folder: Path
    device: torch.device
    report: Callable[[str], None]
    warm: Path | None = None
    stages: frozenset[Stage] = frozenset(Stage)
    anew: frozenset[Stage] = frozenset()
    recipes: Path = RECIPES

    def __post_init__(self) -> None:
        if self.warm is None and len(self.stages) < len(Stage):
            raise TrainingFailed("Parts can be kept only from weights; add `--from weights`, or train every part.")

    @cached_property
    def judge(self) -> Judge:
        """The judge, trained."""
        torch.manual_seed(0)
        start = self._start(Stage.JUDGE)
        network = Judge() if start is None else load_judge(start / "judge.safetensors").train()
        self._place(network)
        if Stage.JUDGE in self.stages:
            renders, recipe = self._renders("judge", JUDGE_SEED), self.recipe(Stage.JUDGE)
            renders.keep_on_device()
            self._tell("judge", judge.train(network, renders, recipe, self._run("judge")))
        return network.eval()

    @cached_property
    def autoencoder(self) -> AutoencoderKL:
        """The autoencoder, trained; its scaling factor makes the latents' deviation 1."""
        torch.manual_seed(0)
        start = self._start(Stage.AUTOENCODER)
        network = (
            networks.autoencoder()
            if start is None
            else AutoencoderKL.from_pretrained(start / "vae", dtype=torch.float32)
        )
        self._place(network)
        if Stage.AUTOENCODER in self.stages:
            renders, recipe = self._renders("autoencoder", GENERATOR_SEED), self.recipe(Stage.AUTOENCODER)
            renders.keep_on_device()
            self._tell("autoencoder", autoencoder.train(network, renders, recipe, self._run("autoencoder")))
            deviation = autoencoder.latents(network, self.held_out).float().std()
            network.register_to_config(scaling_factor=round(1 / deviation.item(), 5))
        return network.eval()

    @cached_property
    def tokenizer(self) -> CLIPTokenizer:
        """The tokenizer: that of the encoder which is trained on, or one made from training captions."""
        start = self._start(Stage.TEXT)
        return texts.tokenizer() if start is None else CLIPTokenizer.from_pretrained(start / "tokenizer")

    @cached_property
    def reader(self) -> text.Reader:
        """The text encoder with the heads that it was trained with."""
        torch.manual_seed(0)
        network = text.Reader(networks.text_encoder(self.tokenizer))
        if (start := self._start(Stage.TEXT)) is not None:
            network.encoder = CLIPTextModel.from_pretrained(start / "text_encoder", dtype=torch.float32)
        self._place(network)
        if Stage.TEXT in self.stages:
            self._tell("text", text.train(network, self.tokenizer, self.recipe(Stage.TEXT), self._run("text")))
        return network.eval()

    @cached_property
    def generator_renders(self) -> Renders:
        """The pictures that the UNet learns from."""
        return self._renders("unet", GENERATOR_SEED)

    @cached_property
    def captions(self) -> Tensor:
        """The tokens of those pictures' captions, as `diffusion.train` takes them, written once."""
        people = self.generator_renders.characters
        words = hashlib.sha256(json.dumps(self.tokenizer.get_vocab(), sort_keys=True).encode()).hexdigest()[:8]
        return self._once(f"captions-{len(people)}-{words}", lambda: diffusion.written(self.tokenizer, people))

    @cached_property
    def edge_maps(self) -> Tensor:
        """Rough edge maps of those pictures, drawn once."""
        pictures = self.generator_renders
        return self._once(f"maps-{len(pictures)}", lambda: controlnet.edge_maps(pictures))

    def latents(self, side: int = networks.SIZE) -> Tensor:
        """Return the scaled latents of the UNet's pictures at ``side`` pixels, in half precision, computed once.

        Their shape is ``(N, C, side / FACTOR, side / FACTOR)``. The file's name tells the autoencoder.
        """
        maker, pictures = self.autoencoder, self.generator_renders

        def encoded() -> Tensor:
            return autoencoder.latents(maker, pictures, side).cpu() * maker.config.scaling_factor

        return self._once(f"latents-{side}-{len(pictures)}-{fingerprint(maker)[:8]}", encoded)

    def _once(self, name: str, make: Callable[[], Tensor]) -> Tensor:
        """Return what is made of the UNet's pictures; the first time it is written to a file beside them."""
        path = self.generator_renders.folder / f"{name}.safetensors"
        if not path.exists():
            self.report(f"{name.partition('-')[0]}: making {path.stem}")
            aside = path.with_suffix(".part")
            save_file({"made": make().contiguous()}, aside)
            aside.replace(path)
        return load_file(path)["made"]

    @cached_property
    def unet(self) -> UNet2DConditionModel:
        """The UNet, trained; one that starts from nothing grows where there is a recipe for half the size, too."""
        torch.manual_seed(0)
        start = self._start(Stage.UNET)
        network = (
            networks.unet()
            if start is None
            else UNet2DConditionModel.from_pretrained(start / "unet", dtype=torch.float32)
        )
        self._place(network)
        for stage in self._recipes(Stage.UNET):
            parts = self.reader.encoder, self.captions, self.latents(SIDES[stage]), self.recipe(stage)
            self._tell(stage, diffusion.train(network, *parts, self._run(stage)))
        return network.eval()

    @cached_property
    def controlnet(self) -> ControlNetModel | None:
        """The ControlNet, trained; None where it is not trained and there is none to keep.

        One that was trained on this very UNet is trained on, else it starts as a copy of the UNet's first half.
        """
        kept = None
        if self.warm is not None and BASE in self.before:
            kept = ControlNetModel.from_pretrained(self.warm / FOLDER, dtype=torch.float32)
        if Stage.CONTROLNET not in self.stages:
            return kept
        torch.manual_seed(0)
        network = kept if kept and self._keeps_base else controlnet.untrained(self.unet)
        self._place(network)
        parts = self.unet, self.reader.encoder, self.captions, self.latents(), self.edge_maps
        self._tell(
            "controlnet", controlnet.train(network, *parts, self.recipe(Stage.CONTROLNET), self._run("controlnet"))
        )
        return network.eval()

    @cached_property
    def held_out(self) -> Renders:
        """Validation pictures that nothing was trained on."""
        return self._renders("held_out", HELD_OUT_SEED, "validation")

    @cached_property
    def before(self) -> dict[str, Any]:
        """The record of the weights that this build starts from; empty without any."""
        return {} if self.warm is None else json.loads((self.warm / "record.json").read_bytes())

    def followed(self, stage: Stage) -> list[dict[str, Any]]:
        """Return all recipes that a stage was trained by, one after the other: of earlier builds and of this one.

        Their steps are those that were run, which fewer seconds than planned may have cut short.
        """
        earlier = [] if self._start(stage) is None else self.before["recipes"].get(stage, [])
        run = (json.loads((self._run(name) / "recipe.json").read_bytes()) for name in self._recipes(stage))
        return [*earlier, *run]

    def _start(self, stage: Stage) -> Path | None:
        """Return the weights folder that a stage starts from; None for nothing."""
        return None if stage in self.anew else self.warm

    def _recipes(self, stage: Stage) -> tuple[str, ...]:
        """Return the names of the recipes that a stage is trained by now, one after the other."""
        if stage not in self.stages:
            return ()
        grows = stage is Stage.UNET and self._start(stage) is None and "unet_small" in self._table
        return ("unet_small", "unet") if grows else (stage,)

    @property
    def _keeps_base(self) -> bool:
        """Whether a ControlNet to start from stays beside the UNet that it was trained on."""
        start = self._start(Stage.CONTROLNET)
        return start is not None and Stage.UNET not in self.stages and fits(start)

    def recipe(self, stage: str) -> Recipe:
        """Return a recipe by its name."""
        return Recipe.model_validate({name: value for name, value in self._table[stage].items() if name != "renders"})

    def _place(self, network: nn.Module) -> None:
        """Move a network to the device; a GPU's convolutions are fastest with channels last."""
        last: dict[str, Any] = {"memory_format": torch.channels_last} if self.device.type == "cuda" else {}
        network.to(self.device, **last)

    def _run(self, stage: str) -> Path:
        return self.folder / stage

    @cached_property
    def _table(self) -> dict[str, dict[str, Any]]:
        return tomllib.loads(self.recipes.read_text(encoding="utf-8"))

    def _renders(self, stage: str, seed: int, part: Split = "train") -> Renders:
        renders = Renders(self.folder, part, seed, self._table[stage]["renders"], self.device)
        for count in renders.draw():
            self.report(f"renders: {count} of {len(renders)}")
        return renders

    def _tell(self, stage: str, training: Training) -> None:
        with closing(training):
            for word in training:
                losses = ", ".join(f"{name} {value:.4f}" for name, value in word.losses.items())
                pace = f"{word.seconds:.2f} s a step, {(word.steps - word.step) * word.seconds / 60:.0f} min left"
                self.report(f"{stage}: step {word.step} of {word.steps}, {losses}, {pace}")


def fingerprint(network: nn.Module) -> str:
    """Return the sha256 of a network's weights, in hexadecimal."""
    weights = {name: value.cpu().contiguous() for name, value in network.state_dict().items()}
    return hashlib.sha256(save(weights)).hexdigest()


def parameters(network: nn.Module) -> int:
    """Return how many weights a network has."""
    return sum(weight.numel() for weight in network.parameters())
