"""A model's LoRAs: read once, checked against its layers and its weights, and the last ones cached."""

import threading
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from cachetools import LRUCache

from animegen.errors import AdapterRefused
from animegen.lora_files import Adapter, Base, Offer, base_of, read
from animegen.lora_files.adapter import BASE_HASH
from animegen.lora_files.folders import stamp
from animegen.lora_files.hashes import hashes
from animegen.lora_files.weights import Cause, called, refusing
from animegen.models.controlnet import weights_hash
from animegen.models.files import NETWORK
from animegen.models.hub import snapshot
from animegen.models.loading import Parts

REMEMBERED: Final = 512 << 20
"""Bytes of the LoRAs that are remembered; rank 32 on all attentions of Stable Diffusion 1.5 has a fiftieth of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A LoRA that fits the model; two with equal ``key`` are of the same files.

    ``autov3`` is the short hash by which other programs know a file, empty where the LoRA is a folder.
    """

    key: Hashable
    adapter: Adapter
    autov3: str = ""


class Loras:
    """The LoRAs of one model, the last ones cached by their files; any thread may load them.

    One that is larger than the cache is kept alone.
    """

    def __init__(self, parts: Parts, remembered: int = REMEMBERED) -> None:
        self._parts = parts
        self._cache = LRUCache[Hashable, Loaded](remembered, getsizeof=lambda each: min(each.adapter.size, remembered))
        self._reading = threading.Lock()

    def load(self, offer: Offer) -> Loaded:
        """Return a LoRA, read and checked.

        Raises AdapterRefused when it is damaged, of another model, or trained on other weights of this one, and
        ModelUnavailable when the Hub does not give it.
        """
        path = self._place(offer)
        with self._reading:
            key = _key(path)
            if key not in self._cache:
                self._cache[key] = Loaded(key, self._read(path, offer), hashes(path).autov3 if path.is_file() else "")
            return self._cache[key]

    def _place(self, offer: Offer) -> Path:
        """Return where a LoRA lies on this machine; what lies on the Hub is downloaded once."""
        if offer.path:
            return offer.path
        folder = snapshot(offer.repository, [offer.file] if offer.file else NETWORK, source=self._parts.source)
        return folder / offer.file

    def _read(self, path: Path, offer: Offer) -> Adapter:
        with refusing(path):
            if offer.sha256 and sha256(path.read_bytes()).hexdigest() != offer.sha256:
                raise Cause("lora_files.other_file")
        adapter = read(path, [self._base])
        base = adapter.metadata.get(BASE_HASH, "")
        if base and self._parts.row.lora_editions and base != self._weights:
            raise AdapterRefused("lora_files.other_weights", file=called(path), model=self._parts.row.label)
        return adapter

    @cached_property
    def _base(self) -> Base:
        row, parts = self._parts.row, self._parts
        words = parts.text_encoder.config.to_dict()
        return base_of(row.name, row.label, parts.unet.config, words, editions=row.lora_editions)

    @cached_property
    def _weights(self) -> str:
        return weights_hash(self._parts.folder / "unet")


def _key(path: Path) -> Hashable:
    """Return what changes when one of the files does that a LoRA is read from."""
    with refusing(path):
        return stamp(path)
