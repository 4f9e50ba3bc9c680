"""What scripts can look up: models, emotions, appearance, styles and LoRAs. None of it takes an argument."""

from typing import TypedDict

from gradio.events import api

from animegen.lora_files import Offer
from animegen.models.table import ModelRow, rows
from animegen.pipelines import samplers
from animegen.prompts import appearance, emotions, styles
from animegen.studio.protocol import StudioProtocol
from animegen.ui.choices import drawable_styles


class Named(TypedDict):
    """One thing to choose: the name that requests use, and what people call it."""

    name: str
    label: str
    label_ja: str


class Feature(Named):
    """A way to look, and the field of /text_to_image that takes its name."""

    field: str


class Style(Named):
    """A style, and whether the model that draws here can draw it."""

    available: bool


class Model(TypedDict):
    """One model: its samplers, sizes in pixels, memory in GB, whether and why it draws here, whether it is loaded."""

    name: str
    label: str
    licence: str
    forbidden_uses: list[str]
    samplers: list[str]
    memory: float | None
    native_size: int
    min_size: int
    max_size: int
    size_step: int
    active: bool
    loaded: bool
    why: str


class Lora(TypedDict):
    """One LoRA: the words that call it, the weight its maker advises, and whether the model here takes it."""

    name: str
    base: str
    triggers: list[str]
    weight: float
    licence: str
    available: bool


def look_ups(studio: StudioProtocol, *, low_memory: bool) -> None:
    """Add the look-ups to the page that is being built; ``low_memory`` says how the model is loaded."""

    def list_models() -> list[Model]:
        """The models that can be set up, what their licences rule out, and which of them draws here."""
        return [_model(row, studio, low_memory) for row in {**rows(), studio.row.name: studio.row}.values()]

    def list_emotions() -> list[Named]:
        """The emotions that /text_to_image takes, with their labels."""
        return [Named(name=row.name, label=row.label, label_ja=row.label_ja) for row in emotions.emotions().values()]

    def list_appearance() -> list[Feature]:
        """The hair styles, hair colours and outfits that /text_to_image takes, with their labels."""
        return [
            Feature(name=row.name, label=row.label, label_ja=row.label_ja, field=kind)
            for kind in appearance.KINDS
            for row in appearance.features(kind).values()
        ]

    def list_styles() -> list[Style]:
        """The styles that /text_to_image takes, with their labels, and which of them the model can draw."""
        able = drawable_styles(studio)
        return [
            Style(name=row.name, label=row.label, label_ja=row.label_ja, available=row.name in able)
            for row in styles.styles().values()
        ]

    def list_loras() -> list[Lora]:
        """The LoRAs that are offered, and which of them the model that draws here takes."""
        return [_lora(offer, studio.row.lora_base) for offer in studio.offers.all().values() if not offer.role]

    found = {
        "models": list_models, "emotions": list_emotions, "appearance": list_appearance, "styles": list_styles,
        "loras": list_loras,
    }  # fmt: skip
    for name, look_up in found.items():
        api(look_up, api_name=name, queue=False)


def _model(row: ModelRow, studio: StudioProtocol, low_memory: bool) -> Model:
    from animegen.models import device, memory  # torch, for who asks

    active, placement = row.name == studio.row.name, device.here(low_memory=low_memory)
    return Model(
        name=row.name, label=row.label, licence=row.licence, forbidden_uses=[use.label for use in row.forbidden_uses],
        samplers=list(samplers.offered(row)), memory=memory.gigabytes(row, placement, public=studio.public),
        native_size=row.native_size,
        min_size=row.min_size, max_size=row.max_size, size_step=row.size_step, active=active,
        loaded=active and studio.loaded, why=str(studio.reason) if active else "",
    )  # fmt: skip


def _lora(offer: Offer, base: str) -> Lora:
    return Lora(
        name=offer.name, base=offer.label, triggers=list(offer.triggers), weight=offer.weight, licence=offer.licence,
        available=base in offer.bases,
    )  # fmt: skip
