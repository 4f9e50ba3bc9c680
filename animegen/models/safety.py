"""A model's safety checker, which flags finished pictures that look sexual."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker, cosine_distance
from PIL.Image import Image
from transformers import CLIPImageProcessor

from animegen.errors import ModelUnavailable
from animegen.models import hub, weights
from animegen.models.loading import DAMAGED, Parts, finite

FOLDER: Final = "safety_checker"
PROCESSOR: Final = "feature_extractor"
CARE: Final = 0.01
"""How much closer to a concept counts where a picture shows somebody whom care is owed."""


class SafetyChecker:
    """Compares pictures with concepts in CLIP's space, a whole batch at once.

    Rando et al. 2022, "Red-Teaming the Stable Diffusion Safety Filter", section 2, describe how it decides.
    """

    def __init__(self, network: StableDiffusionSafetyChecker, processor: CLIPImageProcessor) -> None:
        self._network = network
        self._processor = processor

    @torch.inference_mode()
    def flags(self, images: Sequence[Image]) -> list[bool]:
        """Return for each RGB picture whether it is flagged."""
        network = self._network
        pixels = self._processor([image.convert("RGB") for image in images], return_tensors="pt").pixel_values
        seen = network.visual_projection(network.vision_model(pixels.to(network.device, network.dtype))[1])
        owed = cosine_distance(seen, network.special_care_embeds).float() > network.special_care_embeds_weights
        nearness = cosine_distance(seen, network.concept_embeds).float() + CARE * owed.any(dim=1, keepdim=True)
        passed: list[bool] = (nearness <= network.concept_embeds_weights).all(dim=1).tolist()  # NaN does not pass
        return [not each for each in passed]


def load(parts: Parts) -> SafetyChecker:
    """Return the checker of a model, in float32, on the model's device; a Hub model's is downloaded if it is not here.

    Raises ModelUnavailable when there is none, when it cannot be got, or when it is damaged.
    """
    label = parts.row.label
    if not _named(parts.folder):
        raise ModelUnavailable("models.no_safety_checker", model=label)
    folder = parts.folder if parts.row.on_disk else _download(parts)
    try:
        return SafetyChecker(_network(folder / FOLDER).to(parts.placement.device), _processor(folder / PROCESSOR))
    except DAMAGED as problem:
        raise ModelUnavailable("models.safety_checker_damaged", model=label) from problem


def _download(parts: Parts) -> Path:
    return hub.snapshot(parts.row.source, (FOLDER, PROCESSOR), half=True, source=parts.source)


def _named(folder: Path) -> bool:
    """Say whether the index of a diffusers model names a checker."""
    index = folder / "model_index.json"
    return index.is_file() and any(json.loads(index.read_bytes()).get(FOLDER) or ())


def _network(folder: Path) -> StableDiffusionSafetyChecker:
    network, info = StableDiffusionSafetyChecker.from_pretrained(
        folder, dtype=torch.float32, variant=weights.find(folder)[1], local_files_only=True, use_safetensors=True,
        output_loading_info=True,
    )  # fmt: skip
    if info["missing_keys"] or info["mismatched_keys"]:
        raise ValueError(f"weights are missing: {sorted(info['missing_keys'])[:3]}")
    if not all(map(finite, network.parameters())):
        raise ValueError("weights are no numbers")
    checked: StableDiffusionSafetyChecker = network.eval().requires_grad_(False)
    return checked


def _processor(folder: Path) -> CLIPImageProcessor:
    processor: CLIPImageProcessor = CLIPImageProcessor.from_pretrained(folder, local_files_only=True)
    return processor
