"""What every task draws with: one model's parts, and what they have encoded before."""

import logging
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from cachetools import LRUCache, cachedmethod
from diffusers import ControlNetModel, DDIMScheduler
from PIL import Image
from torch import Tensor

from animegen.errors import AdapterRefused, ModelUnavailable
from animegen.models import controlnet, lineart, matting, safety
from animegen.models.loading import Parts
from animegen.models.loras import Loaded, Loras
from animegen.pictures.edges import LINEART
from animegen.pictures.sources import digest
from animegen.pipelines import latents, preview
from animegen.pipelines.adapters import Adapters, Set
from animegen.pipelines.encoder import PromptEncoder

REMEMBERED = 8
RECOGNISED = 64


class PictureEncoder:
    """Encodes pictures with a model's autoencoder, and keeps the last latents by their picture.

    Only the thread that draws may call it.
    """

    def __init__(self, parts: Parts, remembered: int = REMEMBERED) -> None:
        self._parts = parts
        self.cache = LRUCache[str, Tensor](remembered)

    @cachedmethod(lambda self: self.cache, key=lambda _, image: digest(image))
    def encode(self, image: Image.Image) -> Tensor:
        """Return the latent [1, channels, height, width] of an RGB picture."""
        return latents.encode(self._parts, image)


class Engine:
    """One model ready for every task; one thread at a time may draw, with the adapters that it has set before."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.loras = Loras(parts)
        self._adapters = Adapters(parts)
        self.encoder = PromptEncoder(parts)
        self.pictures = PictureEncoder(parts)
        self.recognised = LRUCache[Hashable, list[str]](RECOGNISED)
        self.strangeness = LRUCache[Hashable, float](RECOGNISED)
        self.rough = preview.of(parts)

    @property
    def active_adapters(self) -> Set | None:
        """The LoRAs that are merged in."""
        return self._adapters.active

    def set_adapters(self, loras: Sequence[tuple[Loaded, float]]) -> None:
        """Merge these LoRAs with their weights, and no others; no LoRAs leave the model as it was loaded.

        Raises AdapterRefused. After any exception, running out of memory too, the model is as it was loaded.
        """
        try:
            self._adapters.set_adapters(loras)
        finally:
            self.encoder.active_adapters = self._adapters.active_text

    @cached_property
    def noise_levels(self) -> DDIMScheduler:
        """The levels of noise that the model was trained on, and what it answers; never stepped."""
        found: DDIMScheduler = DDIMScheduler.from_config(dict(self.parts.scheduler_config))
        return found

    @cached_property
    def controlnet(self) -> ControlNetModel:
        """The model's ControlNet, loaded when the first drawing needs it; only the thread that draws may ask for it.

        Raises ModelUnavailable where the model has none of its own.
        """
        return controlnet.load(self.parts)

    @cached_property
    def lineart_controlnet(self) -> ControlNetModel:
        """The model's ControlNet for line art, loaded as ``controlnet`` is. Raises ModelUnavailable."""
        return controlnet.load(self.parts, LINEART)

    @cached_property
    def lineart(self) -> lineart.LineartDetector:
        """What finds line art in a picture, loaded when it is first needed. Raises ModelUnavailable."""
        return lineart.load(self.parts)

    @cached_property
    def safety_checker(self) -> safety.SafetyChecker:
        """The model's safety checker, loaded when it is first needed.

        Raises ModelUnavailable where the model has none.
        """
        return safety.load(self.parts)

    def complete(self, *, public: bool) -> None:
        """Load now what is loaded when it is first used; what cannot be had is logged, and drawn without.

        Raises ModelUnavailable where the page is ``public`` and the model has no safety checker that it needs.
        """
        if self.parts.row.controlnet:
            with _logged():
                _ = self.controlnet
        if self.parts.row.lineart_controlnet:
            with _logged():
                _ = self.lineart_controlnet, self.lineart
        if self.parts.row.lcm_lora:
            with _logged():
                self.loras.load(self.parts.row.lcm_lora)
        if matting.serves(self.parts.row):
            with _logged():
                matting.fetch()  # and is loaded where it works: its threads would not live on in a forked process
        if public and self.parts.row.needs_safety_checker:
            _ = self.safety_checker


@contextmanager
def _logged() -> Iterator[None]:
    """Log why something cannot be had, so that its absence is not a first visitor's discovery."""
    try:
        yield
    except (AdapterRefused, ModelUnavailable) as problem:
        logging.getLogger(__name__).warning("%s", problem)
