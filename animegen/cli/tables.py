"""The verbs that show and draw nothing: models, emotions, appearance, styles, and the layers of a prompt."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from animegen.cli.options import takes_fields
from animegen.cli.terminal import columns, say, show
from animegen.messages import message
from animegen.tasks import TextToImage

if TYPE_CHECKING:
    from animegen.models.selection import Choice
    from animegen.prompts.prompt import Prompt

Json = Annotated[bool, typer.Option("--json", help="Print it as JSON, the memory in GB.")]
STRENGTH = 0.8
"""At which strength an emotion's words are shown."""


def models(*, as_json: bool) -> None:
    """Show the models with the memory they need here, and which one draws here and why."""
    from animegen.models import about, device, memory
    from animegen.models.table import rows
    from animegen.pipelines import samplers
    from animegen.settings import settings

    choice, placement, public = chosen(), device.here(low_memory=settings().low_memory), settings().public
    listed = [
        {
            "name": row.name,
            "model": row.label,
            "size": row.native_size,
            "memory": memory.gigabytes(row, placement, public=public),
            "samplers": samplers.offered(row),
            "licence": row.licence,
            "not allowed": [use.label for use in row.forbidden_uses],
            "active": row.name == choice.row.name,
        }
        for row in {**rows(), choice.row.name: choice.row}.values()
    ]
    sentences = [str(each) for each in about.describe(choice, placement, public=public)]
    if as_json:
        say(json.dumps({"models": listed, "told": sentences}, indent=2))
    else:
        _print(listed, sentences)


def _print(listed: Sequence[Mapping[str, Any]], sentences: Sequence[str]) -> None:
    """Print the models as a table, and below it sentences about the one that draws."""
    table = columns("", "name", "model", "size", "memory", "licence", "not allowed")
    for each in listed:
        memory = "?" if each["memory"] is None else f"{each['memory']} GB"
        forbidden = "; ".join(each["not allowed"]) or "-"
        mark = "*" if each["active"] else ""
        table.add_row(mark, each["name"], each["model"], f"{each['size']} px", memory, each["licence"], forbidden)
    show(table)
    for sentence in sentences:
        say(sentence)


def emotions() -> None:
    """Show the emotions, and the words that each adds to a prompt."""
    from animegen.prompts.emotions import emotions

    family = chosen().row.family
    table = columns("name", "emotion", "日本語", f"adds at strength {STRENGTH}")
    for each in emotions().values():
        words = each.words(family, STRENGTH) if family in each.families else ()
        table.add_row(each.name, each.label, each.label_ja, ", ".join(words) or "-")
    show(table)


def appearance() -> None:
    """Show the hair styles, hair colours and outfits, and the words that each adds to a prompt."""
    from animegen.prompts.appearance import KINDS, features

    family = chosen().row.family
    table = columns("option", "name", "label", "日本語", "adds")
    for kind in KINDS:
        for each in features(kind).values():
            option = f"--{kind.replace('_', '-')}"
            table.add_row(option, each.name, each.label, each.label_ja, ", ".join(each.words[family]) or "-")
    show(table)


def styles() -> None:
    """Show the styles, and the words or the LoRA that each adds to a prompt."""
    from animegen.lora_files import Offers
    from animegen.prompts.styles import drawable, styles
    from animegen.settings import settings

    row = chosen().row
    painted = Offers.here(settings().loras).styles(row.lora_base)
    able = drawable(row.family, painted)
    table = columns("name", "style", "日本語", "adds")
    for each in styles().values():
        words = each.words(row.family, painted) if each.name in able else ()
        lora = (f"<lora:{painted[each.name].name}>",) if each.name in painted else ()
        adds = (", ".join((*words, *lora)) or "-") if each.name in able else ""
        table.add_row(each.name, each.label, each.label_ja, adds)
    show(table)
    if len(able) < len(styles()):
        say(message("cli.undrawable_styles", family=row.family))


@takes_fields(TextToImage)
def prompt(task: TextToImage, context: typer.Context) -> None:
    """Show the layers of a prompt, and draw nothing."""
    composed: Prompt = context.obj().prompt(task)
    table = columns("layer", "words", "from")
    for name in ("character", "emotion", "style", "quality", "dropped"):
        for word in getattr(composed, name):
            table.add_row(name, word.text, str(word.source))
    show(table)
    say(f"\nPrompt: {composed.text}")
    say(f"Negative: {composed.negative or '-'}")
    for note in composed.notes:
        say(note, err=True)


def chosen() -> "Choice":
    """Return the model that draws here, and why."""
    from animegen.lora_files import Offers
    from animegen.models.lcm import add_offered
    from animegen.models.selection import choose
    from animegen.settings import settings

    choice = choose(settings().model)
    return replace(choice, row=add_offered(choice.row, Offers.here(settings().loras)))
