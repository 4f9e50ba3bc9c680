"""The LoRAs that one scan of the folders found: every question about them is answered without touching the disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from animegen.errors import AdapterRefused, InvalidRequest
from animegen.lora_files.catalogue import Offer
from animegen.lora_files.inspection import Refusal
from animegen.lora_files.weights import clipped
from animegen.prompts.syntax import without_loras
from animegen.tasks import Lora, Request
from animegen.tasks.loras import loras

T = TypeVar("T", bound=Request)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The LoRAs by name, those of every model, and the files that are not offered, with the reasons."""

    offers: Mapping[str, Offer] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    def of(self, base: str) -> Mapping[str, Offer]:
        """Return the LoRAs by name whose layers a base has."""
        return {name: each for name, each in self.offers.items() if base in each.bases}

    def selectable(self, base: str) -> Mapping[str, Offer]:
        """Return the LoRAs by name that a person chooses from for a base: without those that a sampler adds itself."""
        return {name: each for name, each in self.of(base).items() if not each.role}

    def styles(self, base: str) -> Mapping[str, Offer]:
        """Return the LoRAs that the choice of a style puts on for a base, by the styles; of two the first counts."""
        return {each.style: each for each in reversed(list(self.of(base).values())) if each.style}

    def offer(self, name: str, base: str) -> Offer:
        """Return the LoRA of that name.

        Raises AdapterRefused with the reason when its file is not offered, and InvalidRequest, which names the choices,
        when this base has none.
        """
        found = self.offers.get(name)
        if found and base in found.bases:
            return found
        values: dict[str, Any] = {"name": clipped(name), "choices": tuple(self.selectable(base))}
        suffix = "" if values["choices"] else "_no_choices"
        if found:
            raise InvalidRequest(f"lora_files.other_base_by_name{suffix}", base=found.label, **values)
        for refusal in self.refusals:
            if name in {Path(refusal.file).stem, Path(refusal.file).name}:
                raise AdapterRefused(refusal.refused)
        raise InvalidRequest(f"lora_files.unknown_name{suffix}", **values)

    def apply(self, task: T, base: str) -> T:
        """Return a task with the ``<lora:name:weight>`` of its prompts among its LoRAs instead, all weights filled.

        The LoRA of its style is among them, as heavy as its maker advises unless the task names it itself. Raises
        InvalidRequest as ``resolve`` does, and where nothing is left of a prompt.
        """
        cut = {name: without_loras(getattr(task, name)) for name in ("prompt", "final_prompt") if hasattr(task, name)}
        named = [lora for _, typed in cut.values() for lora in loras(typed)]
        prompts: dict[str, Any] = {name: text for name, (text, _) in cut.items()}
        requested = (*task.loras, *named)
        return replace(task, **prompts, loras=self.resolve((*requested, *self._of_style(task, requested, base)), base))

    def resolve(self, requested: Sequence[Lora], base: str) -> tuple[Lora, ...]:
        """Return the LoRAs of a request with their weights filled, each once.

        Raises InvalidRequest where there is no such LoRA, it is of another model, or has two weights.
        """
        found: dict[str, Lora] = {}
        for lora in requested:
            offer = self.offer(lora.name, base)
            filled = replace(lora, weight=offer.weight if lora.weight is None else float(lora.weight))
            if found.setdefault(lora.name, filled) != filled:
                raise InvalidRequest("lora_files.two_weights", name=lora.name)
        return tuple(found.values())

    def _of_style(self, task: Request, requested: Sequence[Lora], base: str) -> tuple[Lora, ...]:
        """Return the LoRA of a task's style unless it was requested or there is none."""
        offer = self.styles(base).get(task.style)
        return (Lora(offer.name),) if offer and offer.name not in {each.name for each in requested} else ()
