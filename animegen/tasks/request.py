"""What every task requests: whom to draw in words, how they look, and how the drawing is sampled."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from animegen.errors import InvalidRequest
from animegen.tasks.fields import Group, field, fields
from animegen.tasks.kinds import Choice, Integer, Loras, Name, Number, Text, unset
from animegen.tasks.loras import Lora

MAX_SEED: Final = 2**32 - 1
FITS: Final = ("fit", "crop", "pad")
"""How a picture of another shape fills a drawing: ``fit`` keeps the head, ``crop`` the middle, ``pad`` all of it."""
FIT: Final = Choice(FITS)
SHARE: Final = Number(low=0, high=1)
"""How strong something is, or which part of it."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """The fields that every task has. None means that nothing was requested: preset and model decide.

    Values may come as scripts and forms write them: 0, "" and -1 for "unset", LoRAs as ``NAME:WEIGHT``, emotions with
    commas between them. Raises InvalidRequest with one sentence when a value is of the wrong type or out of range.
    """

    name: ClassVar[str]

    prompt: str = field(Text(), Group.PROMPT, "")
    negative_prompt: str = field(Text(), Group.NEGATIVE, "")
    hair_style: str = field(Name(table="hair_style"), Group.LOOK, "none", key="Hair style")
    hair_colour: str = field(Name(table="hair_colour"), Group.LOOK, "none", key="Hair colour")
    outfit: str = field(Name(table="outfit"), Group.LOOK, "none", key="Outfit")
    style: str = field(Name(table="style"), Group.LOOK, "none", key="Style")
    loras: tuple[Lora, ...] = field(Loras(), Group.LOOK, (), option="--lora")
    quality: str = field(Name(table="quality"), Group.LOOK, "standard", key="Quality")
    preset: str = field(Name(table="preset"), Group.LOOK, "balanced", key="Preset")
    steps: int | None = field(Integer(low=1, high=150, unset=unset(0, "auto")), Group.SAMPLING, None, key="Steps")
    guidance_scale: float | None = field(
        Number(low=0, high=30, step=0.5, unset=unset(0, "auto")), Group.SAMPLING, None, key="CFG scale"
    )
    sampler: str | None = field(Text(limit=100, unset=unset("", "auto")), Group.SAMPLING, None, key="Sampler")
    width: int | None = field(Integer(low=64, high=2048, unset=unset(0, "auto")), Group.SAMPLING, None)
    height: int | None = field(Integer(low=64, high=2048, unset=unset(0, "auto")), Group.SAMPLING, None)
    seed: int | None = field(Integer(low=0, high=MAX_SEED, unset=unset(-1, "random")), Group.SEED, None, key="Seed")

    def __post_init__(self) -> None:
        for each in fields(type(self)):
            object.__setattr__(self, each.name, each.kind.check(each.label, getattr(self, each.name)))


def require_prompt(*texts: str) -> None:
    """Raise InvalidRequest where all of the texts are blank."""
    if not any(text.strip() for text in texts):
        raise InvalidRequest("tasks.empty_prompt")


def copy(request: Request, kind: type[Any], **changes: Any) -> Any:
    """Return a request of another task with the values of the fields that both have, and some changes."""
    shared = {each.name: getattr(request, each.name) for each in fields(kind) if hasattr(request, each.name)}
    return kind(**shared | changes)
