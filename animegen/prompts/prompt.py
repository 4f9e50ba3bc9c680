"""A prompt as a value: its words with their weights, each with the layer that it came from, and what became of them."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from animegen.messages import Message, message

Layer = Literal["prompt", "final_prompt", "lora", "hair", "outfit", "emotion", "style", "quality"]
"""Where a word comes from: what the user typed, the triggers of a LoRA, or one of the pickers."""
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)
"""The layers in the order of their words; when a prompt is too long, the last one is dropped first."""
USER_LAYERS: Final[tuple[Layer, ...]] = ("prompt", "final_prompt")
"""The layers of the user's own words, which are never dropped."""
CHARACTER_LAYERS: Final[tuple[Layer, ...]] = (*USER_LAYERS, "lora", "hair", "outfit")


@dataclass(frozen=True, slots=True)
class Word:
    """One tag or phrase of a prompt: its layer, the name of its LoRA if it is a trigger, and its attention weight."""

    text: str
    layer: Layer
    lora: str = ""
    weight: float = 1.0

    @property
    def source(self) -> Message:
        """The name of the layer, for people."""
        return message(f"prompts.layer_{self.layer}", lora=self.lora)


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """A prompt as the model reads it.

    ``user_text`` is what the user typed, as far as the model understands it, ``negative`` the negative prompt;
    ``words`` are the words of all layers in order.
    ``dropped`` words exceed the token limit and are not part of the text; ``unread`` ones are the user's own words
    beyond it, which the model does not read. ``unknown`` words mean nothing to the model and are in neither text.
    ``negated`` phrases were typed to be avoided ("no hat"); they are in the negative prompt.
    """

    user_text: str
    negative: str
    words: tuple[Word, ...]
    dropped: tuple[Word, ...] = ()
    unread: tuple[Word, ...] = ()
    unknown: tuple[str, ...] = ()
    negated: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def text(self) -> str:
        """The triggers of LoRAs, the user's text as typed, and the words of the other layers.

        A text encoder reads from left to right, and LoRAs learn from captions that begin with their triggers.
        """
        triggers = (word.text for word in self.added if word.lora)
        others = (word.text for word in self.added if not word.lora)
        return ", ".join(filter(None, [*triggers, self.user_text, *others]))

    @property
    def own(self) -> tuple[Word, ...]:
        """The user's own words."""
        return self.select(*USER_LAYERS)

    @property
    def added(self) -> tuple[Word, ...]:
        """The words of LoRAs and pickers."""
        return tuple(word for word in self.words if word.layer not in USER_LAYERS)

    @property
    def character(self) -> tuple[Word, ...]:
        """The user's own words, the triggers of LoRAs, and the words of the hair and outfit pickers."""
        return self.select(*CHARACTER_LAYERS)

    @property
    def emotion(self) -> tuple[Word, ...]:
        """The words of the emotion picker."""
        return self.select("emotion")

    @property
    def style(self) -> tuple[Word, ...]:
        """The words of the style picker."""
        return self.select("style")

    @property
    def quality(self) -> tuple[Word, ...]:
        """The words of the quality level."""
        return self.select("quality")

    def select(self, *layers: Layer) -> tuple[Word, ...]:
        """Return the words of these layers."""
        return tuple(word for word in self.words if word.layer in layers)
