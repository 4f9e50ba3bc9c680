"""What a prompt is written from: the user's texts and the choices of the pickers."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """The fields of a request that decide its prompt; names and defaults are those of the request.

    A ``final_prompt`` that is not blank replaces ``prompt`` and all layers but the negative words of ``quality``.
    ``emotion_strength`` is from 0 (a neutral face) to 1.
    """

    prompt: str = ""
    negative_prompt: str = ""
    final_prompt: str = ""
    emotion: str = "none"
    emotion_strength: float = 0.8
    hair_style: str = "none"
    hair_colour: str = "none"
    outfit: str = "none"
    style: str = "none"
    quality: str = "standard"

    @property
    def final(self) -> bool:
        """Whether there is a final prompt."""
        return bool(self.final_prompt.strip())

    @property
    def typed(self) -> str:
        """The user's own text: the final prompt as it is, or the prompt without commas and spaces around it."""
        return self.final_prompt if self.final else self.prompt.strip(" ,\n")
