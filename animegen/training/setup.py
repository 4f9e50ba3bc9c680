"""A run made ready from its recipe: pictures encoded, adapters put in, optimizer and epochs set up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from diffusers import DDPMScheduler
from diffusers.models.attention_processor import AttnProcessor

from animegen.datasets import plan
from animegen.datasets.buckets import bucket, with_resolution
from animegen.datasets.captions import compose
from animegen.datasets.dataset import Dataset
from animegen.datasets.plan import Batch, Use
from animegen.datasets.recipe import DataRecipe
from animegen.models.loading import Parts
from animegen.training import optimizers
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.captions import CaptionEncoder
from animegen.training.dropout import Masks
from animegen.training.epochs import Epochs
from animegen.training.latents import Picture, Report, encode
from animegen.training.learner import Learner
from animegen.training.objectives import Objective
from animegen.training.optimization import Optimization, Precision
from animegen.training.process_group import ProcessGroup
from animegen.training.run_folder import AdapterFolder
from animegen.training.schedule import peak
from animegen.training.trainer import Observer, Trainer
from animegen.training.tuned import Tuned
from animegen.training.tuners import inject

PRECISIONS: Final[dict[torch.dtype, Precision]] = {
    torch.float32: "float32",
    torch.bfloat16: "bfloat16",
    torch.float16: "float16",
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run happens: its folder, its processes, what observes it, and what hears of the encoding of pictures."""

    folder: AdapterFolder
    processes: ProcessGroup
    observe: Observer
    report: Report


def prepare(recipe: AdapterRecipe, dataset: Dataset, parts: Parts, place: Place) -> Trainer:
    """Return the trainer of a recipe on a model's ``parts``, into which its adapters are put.

    Raises TrainingFailed, DatasetRefused and AdapterRefused.
    """
    data = with_resolution(recipe.data, parts.row.native_size)
    epochs = plan_epochs(recipe, data, dataset, place.processes.count)
    validation = validation_uses(dataset, data)
    file = place.folder.path / "cache" / "latents.safetensors"
    with place.processes.main_first():
        latents = encode(_pictures(dataset, data), data, parts, file, place.report)
    if parts.unet.device.type == "cpu":
        parts.unet.set_attn_processor(AttnProcessor())  # torch's fused attention goes back slower than its parts there
    masks = Masks()
    tuned = inject({"unet": parts.unet, "text_encoder": parts.text_encoder}, recipe.adapter, recipe.seed, masks)
    if recipe.gradient_checkpointing:
        parts.unet.enable_gradient_checkpointing()
    captions = CaptionEncoder(parts, trained="text_encoder" in recipe.adapter.parts)
    learner = Learner(
        parts=parts, latents=latents, captions=captions, objective=objective(recipe, parts), masks=masks,
        seed=recipe.seed, prior_weight=data.prior_loss_weight,
    )  # fmt: skip
    peaks = [peak(recipe.optimizer, part) for part in recipe.adapter.parts]
    return Trainer(
        recipe=recipe, folder=place.folder, epochs=epochs, learner=learner, tuned=tuned,
        optimization=_optimization(recipe, tuned, place, parts.placement.dtype), peaks=peaks,
        processes=place.processes, validation=validation, observe=place.observe,
    )  # fmt: skip


def plan_epochs(recipe: AdapterRecipe, data: DataRecipe, dataset: Dataset, processes: int) -> Epochs:
    """Return the epochs of a recipe: which batch is learned from at which step."""
    total = recipe.batch_size * recipe.accumulation * processes

    def planned(number: int) -> Sequence[Batch]:
        return plan.epoch(dataset, data, seed=recipe.seed, epoch=number, batch=total)

    return Epochs(planned, recipe.epochs, recipe.max_steps)


def validation_uses(dataset: Dataset, data: DataRecipe) -> tuple[Use, ...]:
    """Return a use of each validation picture, with its fixed caption."""
    return tuple(
        Use(sample=sample, number=number, size=bucket(sample, data), flipped=False, caption=compose(sample, data, None))
        for number, sample in enumerate(dataset.validation)
    )


def objective(recipe: AdapterRecipe, parts: Parts) -> Objective:
    """Return what the model predicts, with its own levels of noise and the recipe's weighting."""
    scheduler = DDPMScheduler.from_config(dict(parts.scheduler_config))
    return Objective(
        alphas_cumprod=scheduler.alphas_cumprod.to(parts.unet.device),
        prediction=scheduler.config.prediction_type,
        gamma=recipe.loss.gamma,
        weighting=recipe.loss.weighting,
    )


def _pictures(dataset: Dataset, data: DataRecipe) -> list[Picture]:
    """Return every picture that is used, mirrored ones too where the recipe flips."""
    learned = [*dataset.training, *dataset.regularization]
    both = (False, True) if data.flip else (False,)
    return [(sample, flipped) for sample in learned for flipped in both] + [
        (each, False) for each in dataset.validation
    ]


def _optimization(recipe: AdapterRecipe, tuned: Sequence[Tuned], place: Place, dtype: torch.dtype) -> Optimization:
    """Return the optimization of all adapters, a group of weights each; the arithmetic is in the base's format."""
    settings = recipe.optimizer
    weights = {f"{each.part}.{name}": weight for each in tuned for name, weight in each.parameters.items()}
    optimizer = optimizers.create(
        settings.name, [{"params": list(each.parameters.values())} for each in tuned],
        learning_rate=settings.learning_rate, weight_decay=settings.weight_decay,
    )  # fmt: skip
    return Optimization(
        weights, optimizer, max_grad_norm=settings.max_grad_norm, ema_decay=settings.ema_decay,
        precision=PRECISIONS[dtype], reduce=place.processes.reduce,
    )  # fmt: skip
