"""LoRAs merged into a model's weights and taken out again to the bit (Hu et al. 2021, 2106.09685, section 4.1).

Subtracting what was added would drift, above all in half precision. So the touched weights are copied before the first
one changes; every set of LoRAs is summed up from that copy in float32, and to take it off the copy is put back. A
drawing then costs what it costs without LoRAs: no layer has anything beside its weight.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence

import torch
from torch import Tensor, nn

from animegen.errors import AdapterRefused
from animegen.lora_files import Adapter, Module
from animegen.models.loading import Parts
from animegen.models.loras import Loaded

Set = tuple[tuple[Hashable, float], ...]
"""Which LoRAs, each with its weight."""


class Adapters:
    """The LoRAs in a model's UNet and text encoder. One thread at a time may call it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.active: Set | None = ()
        """The LoRAs that are merged in; None while they change, and after a change that failed."""
        self._pristine: dict[nn.Parameter, Tensor] = {}
        self.active_text: Set = ()
        """Those of them that change the text encoder."""

    def set_adapters(self, wanted: Sequence[tuple[Loaded, float]]) -> None:
        """Merge these LoRAs with their weights, and no others; those that are active already are no work.

        Raises AdapterRefused before anything changes where a layer is missing or of another shape, and where a
        weight grows past the largest number. After any exception none is active.
        """
        wanted = sorted(((each, weight) for each, weight in wanted if weight), key=_order)
        requested = _set(wanted)
        if requested == self.active:
            return
        terms = defaultdict[nn.Parameter, list[tuple[Module, float]]](list)
        for each, weight in wanted:
            for parameter, module in matched(self._parts, each.adapter):
                terms[parameter].append((module, weight))
        self._restore()
        try:
            for parameter, added in terms.items():
                self._pristine[parameter] = parameter.detach().to("cpu", copy=True)
                parameter.data.copy_(_summed(self._pristine[parameter], parameter, added))
        except BaseException:
            self._restore()
            raise
        self.active = requested
        self.active_text = _set([(each, weight) for each, weight in wanted if each.adapter.of("text_encoder")])

    def _restore(self) -> None:
        """Put back what was copied; done again from the beginning where it was interrupted."""
        self.active, self.active_text = None, ()
        for parameter, copy in self._pristine.items():
            parameter.data.copy_(copy)
        self._pristine.clear()
        self.active = ()


def matched(parts: Parts, adapter: Adapter) -> list[tuple[nn.Parameter, Module]]:
    """Return the weights that a LoRA's modules are added to, one for each of them.

    Raises AdapterRefused where one has none.
    """
    found = []
    for module in adapter.modules:
        network = parts.unet if module.part == "unet" else parts.text_encoder
        try:
            weight = network.get_parameter(f"{module.path}.weight")
        except AttributeError:
            weight = None
        if weight is None or weight.shape != module.shape:
            raise AdapterRefused("pipelines.lora_layer", part=module.part, path=module.path, model=parts.row.label)
        found.append((weight, module))
    return found


def _order(pair: tuple[Loaded, float]) -> tuple[str, str]:
    """Return what LoRAs are sorted by: their content first, so that sums do not depend on where files lie."""
    return pair[0].autov3, str(pair[0].key)


def _set(loras: Sequence[tuple[Loaded, float]]) -> Set:
    return tuple((each.key, weight) for each, weight in loras)


@torch.no_grad()
def _summed(pristine: Tensor, like: Tensor, added: Sequence[tuple[Module, float]]) -> Tensor:
    """Return a weight with weight * alpha / rank * up @ down of each LoRA added in float32, in its own format again."""
    total = pristine.to(like.device, torch.float32, copy=True)
    for module, weight in added:
        up, down = (
            torch.tensor(factor, dtype=torch.float32, device=like.device) for factor in (module.up, module.down)
        )
        product = up.reshape(-1, module.rank) @ down.reshape(module.rank, -1)
        total += product.mul_(weight * module.alpha / module.rank).reshape(total.shape)
    cast = total.to(like.dtype)
    if not cast.isfinite().all():
        raise AdapterRefused("pipelines.lora_overflow")
    return cast
