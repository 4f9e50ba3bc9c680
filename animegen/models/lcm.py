"""The LoRA that makes few steps enough: latent consistency, distilled once for every model of the same layers.

Luo et al. 2023, 2310.04378 and 2311.05556. Nobody has to name it: the sampler that needs it puts it on, with the LoRAs
that were requested. Loads no torch.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from animegen.errors import AdapterRefused, InvalidRequest, ModelUnavailable
from animegen.lora_files import Offer, Offers
from animegen.lora_files.catalogue import Role
from animegen.lora_files.folders import DIFFUSERS_FILE

if TYPE_CHECKING:
    from animegen.models.loras import Loras
    from animegen.models.table import ModelRow

ROLE: Final[Role] = "lcm"


def from_hub(repository: str, label: str, base: str) -> Offer:
    """Return the LCM-LoRA of a repository of the Hub, for the models of a base; it is called as its repository is."""
    return Offer(
        name=repository.rpartition("/")[2],
        label=label,
        bases=(base,),
        repository=repository,
        file=DIFFUSERS_FILE,
        role=ROLE,
    )


def add_offered(row: "ModelRow", offers: Offers) -> "ModelRow":
    """Return a model's row with the LCM-LoRA that a catalogue offers for it in place of its own, where there is one."""
    found = offers.with_role(ROLE, row.lora_base)
    return replace(row, lcm_lora=found) if found else row


def check(lora: Offer, loras: "Loras", requested: Sequence[Offer]) -> None:
    """Read an LCM-LoRA before anything is drawn with it and with the ``requested`` LoRAs.

    Raises ModelUnavailable when it is not available or is damaged, and InvalidRequest when it was requested too.
    """
    try:
        own = loras.load(lora)
    except (AdapterRefused, ModelUnavailable) as problem:
        raise ModelUnavailable("samplers.lcm_unavailable", why=problem.message) from problem
    for other in requested:
        loaded = loras.load(other)
        if loaded.key == own.key or (own.autov3 and loaded.autov3 == own.autov3):
            raise InvalidRequest("samplers.lcm_twice", name=other.name)
