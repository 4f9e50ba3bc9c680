"""What an adapter's files say of its run: kohya's ``ss_*``, ModelSpec, and the side-car that A1111 shows.

A pure function of recipe, dataset and run: no path of this machine is in it. Keys are those of kohya-ss/sd-scripts
(train_network.py) and of Stability AI's ModelSpec 1.0.1; ranks, alphas and hashes are the writer's to add.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from animegen.datasets.captions import compose, split_tags
from animegen.datasets.dataset import Dataset, Sample
from animegen.lora_files import bases
from animegen.lora_files.adapter import BASE_HASH
from animegen.models.table import ModelRow
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.objectives import Prediction
from animegen.training.schedule import peak, warmup_steps

TAGS: Final = 10
"""The commonest tags, which ModelSpec lists."""
VERSIONS: Final = {"sd1": "SD1", "sd2": "SD2"}
"""What A1111 calls the layers of a base; others are unknown to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRecord:
    """What was done: on which base, under which objective, how many ``epochs`` and ``steps``, and when.

    ``steps_an_epoch`` are those of the first; ``base_hash`` is that of the UNet's weights, empty where the base has no
    editions.
    """

    base: ModelRow
    base_hash: str = ""
    prediction: Prediction
    zero_terminal_snr: bool = False
    epochs: int
    steps: int
    steps_an_epoch: int
    started: datetime
    finished: datetime


def metadata(recipe: AdapterRecipe, dataset: Dataset, record: RunRecord) -> dict[str, str]:
    """Return all that a file says of its run; values are words or JSON, as safetensors has them."""
    found = {
        **_base(recipe, record),
        **{f"ss_{key}": value for key, value in (*_run(recipe, record), *_learning(recipe, record), *_data(recipe))},
        **_pictures(recipe, dataset),
        **_model_spec(recipe, dataset, record),
    }
    return {key: value if isinstance(value, str) else str(value) for key, value in found.items() if value != ""}


def sidecar(recipe: AdapterRecipe, record: RunRecord) -> dict[str, Any]:
    """Return what A1111 reads beside a LoRA (`<name>.json`)."""
    return {
        "description": recipe.description,
        "sd version": VERSIONS.get(record.base.lora_base, "Unknown"),
        "activation text": recipe.data.trigger,
        "preferred weight": 1.0,
        "negative text": "",
        "notes": f"Trained on {record.base.label} ({record.base.origin}); licence: {_licence(recipe, record)}",
    }


def _base(recipe: AdapterRecipe, record: RunRecord) -> dict[str, Any]:
    """Return what names the base: the table knows its layers, the run what it predicts."""
    known = dict(bases()[record.base.lora_base].kohya) if record.base.lora_base in bases() else {}
    version = known.get("ss_base_model_version", record.base.name)
    velocity = record.prediction == "v_prediction"
    if version.startswith("sd_"):
        known["ss_base_model_version"] = version.removesuffix("_v") + "_v" * velocity
    if not velocity and record.base.lora_base == "sd2":
        known["modelspec.architecture"] = "stable-diffusion-v2-512/lora"
    return {
        "ss_base_model_version": version,
        "ss_v2": "False",
        **known,
        "ss_v_parameterization": velocity,
        "ss_zero_terminal_snr": record.zero_terminal_snr,
        "ss_sd_model_name": record.base.origin,
        "modelspec.prediction_type": "v" if velocity else "epsilon",
        "modelspec.resolution": "{0}x{0}".format(_resolution(recipe, record)),
        BASE_HASH: record.base_hash,
    }


def _run(recipe: AdapterRecipe, record: RunRecord) -> Iterator[tuple[str, Any]]:
    yield "output_name", recipe.name
    yield "training_started_at", record.started.timestamp()
    yield "training_finished_at", record.finished.timestamp()
    yield "seed", recipe.seed
    yield "epoch", record.epochs
    yield "num_epochs", recipe.epochs
    yield "steps", record.steps
    yield "max_train_steps", recipe.max_steps or recipe.epochs * record.steps_an_epoch
    yield "num_batches_per_epoch", record.steps_an_epoch
    yield "batch_size_per_device", recipe.batch_size
    yield "gradient_accumulation_steps", recipe.accumulation
    yield "gradient_checkpointing", recipe.gradient_checkpointing
    yield "resolution", "({0}, {0})".format(_resolution(recipe, record))


def _learning(recipe: AdapterRecipe, record: RunRecord) -> Iterator[tuple[str, Any]]:
    settings, parts = recipe.optimizer, recipe.adapter.parts
    yield "learning_rate", settings.learning_rate
    yield "unet_lr", peak(settings, "unet") if "unet" in parts else None
    yield "text_encoder_lr", peak(settings, "text_encoder") if "text_encoder" in parts else None
    yield "optimizer", settings.name
    yield "lr_scheduler", settings.schedule
    yield "lr_warmup_steps", warmup_steps(settings, record.steps)
    yield "max_grad_norm", settings.max_grad_norm
    yield "min_snr_gamma", recipe.loss.gamma if recipe.loss.weighting.startswith("min_snr") else None
    yield "debiased_estimation", recipe.loss.weighting == "debiased"
    yield "network_dropout", recipe.adapter.dropout
    chosen = recipe.adapter.model_dump(mode="json", include={"method", "targets", "initialization"})
    yield "network_args", json.dumps(chosen)


def _data(recipe: AdapterRecipe) -> Iterator[tuple[str, Any]]:
    data = recipe.data
    yield "shuffle_caption", data.shuffle
    yield "keep_tokens", data.keep_tokens
    yield "caption_dropout_rate", data.caption_dropout
    yield "caption_tag_dropout_rate", data.tag_dropout
    yield "prior_loss_weight", data.prior_loss_weight
    yield "flip_aug", data.flip
    yield "enable_bucket", data.buckets


def _pictures(recipe: AdapterRecipe, dataset: Dataset) -> dict[str, Any]:
    """Return the folders by kohya's names, ``<repeats>_<class>``, and how often each has a tag in its captions."""
    folders, tags = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for sample in dataset.training:
        folders[_folder(sample)] += 1
        tags[_folder(sample)].update(_tags(sample, recipe))
    counted = {name: {"n_repeats": int(name.partition("_")[0]), "img_count": folders[name]} for name in folders}
    return {
        "ss_dataset_dirs": json.dumps(counted, ensure_ascii=False),
        "ss_tag_frequency": json.dumps(tags, ensure_ascii=False),
        "ss_num_train_images": sum(sample.repeats for sample in dataset.training),
        "ss_num_reg_images": len(dataset.regularization),
        "ss_num_validation_images": len(dataset.validation),
    }


def _model_spec(recipe: AdapterRecipe, dataset: Dataset, record: RunRecord) -> Mapping[str, Any]:
    tags = Counter(tag for sample in dataset.training for tag in _tags(sample, recipe))
    return {
        "modelspec.title": recipe.name,
        "modelspec.author": recipe.author,
        "modelspec.date": record.finished.isoformat(timespec="seconds"),
        "modelspec.description": recipe.description,
        "modelspec.license": _licence(recipe, record),
        "modelspec.trigger_phrase": recipe.data.trigger,
        "modelspec.tags": ", ".join(tag for tag, _ in tags.most_common(TAGS)),
    }


def _tags(sample: Sample, recipe: AdapterRecipe) -> list[str]:
    """Return the tags of a picture's caption as it is trained with, none left out by chance."""
    return split_tags(compose(sample, recipe.data, None))


def _folder(sample: Sample) -> str:
    return f"{sample.repeats}_{sample.folder_words}"


def _licence(recipe: AdapterRecipe, record: RunRecord) -> str:
    return recipe.licence or record.base.licence


def _resolution(recipe: AdapterRecipe, record: RunRecord) -> int:
    return recipe.data.resolution or record.base.native_size
