"""The model table as typed rows. Loads no torch."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from animegen.lora_files import Offer
from animegen.models import lcm
from animegen.prompts import presets
from animegen.prompts.presets import Preset


@dataclass(frozen=True, kw_only=True, slots=True)
class ForbiddenUse:
    """What a model must not be used for, in both languages; it concerns the tasks named, all where none is."""

    label: str
    label_ja: str
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRow:
    """One model as the table has it.

    ``family`` names the vocabulary its prompts use; ``source`` is a folder of the package where the model is
    ``embedded``, a folder of this machine where it is ``local``, else a repository of the Hub, whose older names are
    the ``aliases``. ``controlnet`` is a repository too, or the folder of one that lies beside the model; both are a
    ``pickle`` where they hold no safetensors. ``lineart_controlnet`` is the repository of one that follows line art
    instead of edges. ``lcm_lora`` is the LoRA that makes few steps enough, ``taesd`` the repository of the small
    decoder of previews. ``lora_base`` names the model's layers as
    LoRA files know them.

    What it can do: it ``recognises`` what a picture shows, by comparing how well it draws each answer; it
    ``needs_safety_checker`` on a public page; it draws on a ``plain_background``, from which a character is cut by
    colour alone; it draws ``busts_only``; its weights come in ``lora_editions``, of which a LoRA suits one alone.

    Sizes are pixels; ``token_limit`` counts a prompt's own tokens, ``megabytes`` what there is to download,
    ``parameters`` the numbers of each network, ``lazy_parameters`` those of what is loaded when it is first needed,
    ``decoder_channels`` the maps as large as the picture. ``guidance_scale`` is the model's own in every preset, 0
    where the presets' suits it; ``presets`` has what a preset has of its own here.
    """

    name: str
    family: str
    label: str
    source: str
    embedded: bool = False
    local: bool = False
    aliases: tuple[str, ...] = ()
    pickle: bool = False
    licence: str
    forbidden_uses: tuple[ForbiddenUse, ...]
    controlnet: str = ""
    lineart_controlnet: str = ""
    lcm_lora: Offer | None = None
    taesd: str = ""
    lora_base: str = ""
    recognises: bool = False
    needs_safety_checker: bool = True
    plain_background: bool = False
    busts_only: bool = False
    lora_editions: bool = False
    prediction_type: str
    native_size: int
    min_size: int
    max_size: int
    size_step: int
    token_limit: int
    megabytes: int
    parameters: Mapping[str, int] = field(default_factory=dict)
    lazy_parameters: Mapping[str, int] = field(default_factory=dict)
    decoder_channels: int = 0
    guidance_scale: float = 0.0
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def on_disk(self) -> bool:
        """Whether all its files lie on this machine, in the package or in a person's folder; else the Hub has them."""
        return self.embedded or self.local

    @property
    def origin(self) -> str:
        """Where its files come from; no path of this machine is named."""
        if self.local:
            return self.name
        return f"animegen/{self.source}" if self.embedded else self.source

    def preset(self, name: str, sampler: str | None = None) -> Preset:
        """Return the preset of that name as it is on this model, where a request names a ``sampler`` or none.

        Raises InvalidRequest, which names the choices.
        """
        usual = presets.preset(name)
        own = replace(
            usual,
            guidance_scale=self.guidance_scale or usual.guidance_scale,
            size=usual.size or self.native_size,
        )
        own = replace(own, **self.presets.get(name, {}))
        return presets.with_lcm(own, sampler or "") if self.lcm_lora else own


@cache
def rows() -> Mapping[str, ModelRow]:
    """Return the table's rows by name, in the table's order."""
    table = tomllib.loads(files(__package__).joinpath("table.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: _row(name, values) for name, values in table.items()})


def _row(name: str, values: Mapping[str, Any]) -> ModelRow:
    uses = tuple(ForbiddenUse(**use | {"tasks": tuple(use.get("tasks", ()))}) for use in values["forbidden_uses"])
    fast = values.get("lcm_lora")
    made = {
        "forbidden_uses": uses,
        "aliases": tuple(values.get("aliases", ())),
        "lcm_lora": lcm.from_hub(fast, values["label"], values["lora_base"]) if fast else None,
    }
    return ModelRow(name=name, **dict(values) | made)
