"""Who writes the prompts: the seam, and the writer that needs nothing but the tables."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Protocol

from animegen.prompts.brief import Brief
from animegen.prompts.composition import Triggers, compose
from animegen.prompts.notes import write_notes
from animegen.prompts.prompt import Prompt
from animegen.prompts.token_limit import Count, fit
from animegen.prompts.vocabulary import find_vocabulary


class PromptWriter(Protocol):
    """Turns what the user wants to see into the prompt that the model reads."""

    def write(self, brief: Brief) -> Prompt:
        """Return the prompt of a brief; raises InvalidRequest when there can be none."""


@dataclass(frozen=True, kw_only=True)
class TemplateWriter:
    """Joins the user's text and the words that the tables have for each picker; it always works.

    ``family`` is the column of the tables (``chibi`` or ``general``), ``count`` counts the tokens of a text,
    ``limit`` is how many of them the model reads, ``triggers`` are the words of the active LoRAs by name, ``painted``
    the styles that LoRAs make.
    """

    family: str
    count: Count
    limit: int = 75
    triggers: Triggers = field(default_factory=dict)
    painted: Collection[str] = ()

    def write(self, brief: Brief) -> Prompt:
        """Return the prompt of a brief, fitted to the limit, with notes.

        Raises InvalidRequest for a name that is in no table, a style that the model cannot draw, or a final prompt
        without a word that the model knows.
        """
        composed = compose(brief, find_vocabulary(self.family), self.triggers, self.painted)
        prompt = fit(composed, self.count, self.limit)
        return replace(prompt, notes=write_notes(brief, prompt, family=self.family, limit=self.limit))
