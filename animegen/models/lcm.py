"""The LoRA that makes few steps enough: latent consistency, distilled once for every model of the same layers.

Luo et al. 2023, 2310.04378 and 2311.05556. Nobody names it: a drawing whose sampler needs it wears it at weight 1,
beside the LoRAs that were asked for. Loads no torch.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from animegen.errors import AdapterRefused, InvalidRequest, ModelUnavailable
from animegen.lora_files import Offer
from animegen.lora_files.folders import DIFFUSERS_FILE
from animegen.models.table import ModelRow

if TYPE_CHECKING:
    from animegen.models.loras import Loras

WEIGHT: Final = 1.0


def offer(row: ModelRow) -> Offer:
    """Return the LCM-LoRA of a model that has one; it is called as its repository is."""
    return Offer(
        name=row.lcm_lora.rpartition("/")[2],
        label=row.label,
        bases=(row.lora_base,),
        repository=row.lcm_lora,
        file=DIFFUSERS_FILE,
    )


def check(row: ModelRow, loras: "Loras", beside: Mapping[str, str]) -> None:
    """Read the LCM-LoRA of a model before anything is drawn; ``beside`` are the hashes of the LoRAs asked for, by name.

    Raises ModelUnavailable when it cannot be had or is damaged, and InvalidRequest when it would be worn twice.
    """
    try:
        own = loras.load(offer(row)).autov3
    except (AdapterRefused, ModelUnavailable) as problem:
        raise ModelUnavailable(
            f"Draw with the preset balanced for now and without LCM, whose LoRA cannot be had: {problem}"
        ) from problem
    if twice := next((name for name, autov3 in beside.items() if autov3 == own), ""):
        raise InvalidRequest(f"The sampler LCM puts the LoRA '{twice}' on by itself; leave it out.")
