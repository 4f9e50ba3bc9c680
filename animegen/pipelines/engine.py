"""What every task draws with: one model's parts, and what they have encoded before."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property

from diffusers import ControlNetModel, DDIMScheduler
from PIL import Image
from torch import Tensor

from animegen.errors import AdapterRefused, ModelUnavailable
from animegen.lora_files import Offer
from animegen.models import controlnet, lcm, matting, safety
from animegen.models.loading import Parts
from animegen.models.loras import Loras
from animegen.pictures.sources import digest
from animegen.pipelines import latents, preview
from animegen.pipelines.adapters import Adapters, Set
from animegen.pipelines.encoder import PromptEncoder
from animegen.pipelines.remembering import Remembered

REMEMBERED = 8
RECOGNISED = 64


class PictureEncoder:
    """Encodes pictures with a model's autoencoder, and keeps the last latents by their picture.

    Only the thread that draws may call it.
    """

    def __init__(self, parts: Parts, remembered: int = REMEMBERED) -> None:
        self._parts = parts
        self._known = Remembered[Tensor](remembered)

    def encode(self, image: Image.Image) -> Tensor:
        """Return the latent [1, channels, height, width] of an RGB picture."""
        return self._known.get(digest(image), lambda: latents.encode(self._parts, image))


class Engine:
    """One model ready for every task; one thread at a time may draw, in the LoRAs that it has put on before."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.loras = Loras(parts)
        self._adapters = Adapters(parts)
        self.encoder = PromptEncoder(parts)
        self.pictures = PictureEncoder(parts)
        self.recognised = Remembered[list[str]](RECOGNISED)
        self.strangeness = Remembered[float](RECOGNISED)
        self.rough = preview.of(parts)

    @property
    def worn(self) -> Set | None:
        """The LoRAs that are on; only the thread that draws may ask for them."""
        return self._adapters.on

    def wear(self, loras: Iterable[tuple[Offer, float]]) -> None:
        """Put on these LoRAs with their weights and take off all others; no LoRAs leave the model as it was loaded.

        Raises AdapterRefused. After any exception, running out of memory too, the model is as it was loaded.
        """
        try:
            self._adapters.wear([(self.loras.load(offer), weight) for offer, weight in loras])
        finally:
            self.encoder.active_adapters = self._adapters.on_words

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
        if self.parts.row.lcm_lora:
            with _logged():
                self.loras.load(lcm.offer(self.parts.row))
        if matting.serves(self.parts.row):
            with _logged():
                matting.fetch()  # and is loaded where it works: its threads would not live on in a forked process
        if public and not self.parts.row.embedded:
            _ = self.safety_checker


@contextmanager
def _logged() -> Iterator[None]:
    """Log why something cannot be had, so that its absence is not a first visitor's discovery."""
    try:
        yield
    except (AdapterRefused, ModelUnavailable) as problem:
        logging.getLogger(__name__).warning("%s", problem)
