"""The verbs about LoRAs: which are offered, what a file is, and which of a folder can be used."""

import json
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from animegen.cli.tables import chosen
from animegen.cli.terminal import columns, say, show
from animegen.errors import AdapterRefused
from animegen.messages import Message, message

if TYPE_CHECKING:
    from animegen.lora_files import Description, Refusal

loras = typer.Typer()

Paths = Annotated[list[Path], typer.Argument(help="LoRA files, or folders of them.", exists=True, show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print a JSON list, an object for each file.")]


@loras.callback(invoke_without_command=True)
def offered(context: typer.Context) -> None:
    """Show the LoRAs that --lora takes; a star marks those for the model that draws here."""
    if context.invoked_subcommand:
        return
    from animegen.lora_files import Offers
    from animegen.settings import settings

    row, offers = chosen().row, Offers.here(settings().loras)
    table = columns("", "name", "for", "adds", "weight", "licence")
    for each in offers.all().values():
        mark = "*" if row.lora_base in each.bases else ""
        words = f"by the sampler {each.role.upper()}" if each.role else ", ".join(each.triggers)
        words += f" (by the style {each.style})" if each.style else ""
        table.add_row(mark, each.name, each.label, words or "-", f"{each.weight:g}", each.licence or "-")
    show(table)
    if not offers.of(row.lora_base):
        say(message("cli.no_lora_fits", model=row.label))
    for refusal in offers.refusals():
        say(message("cli.lora_refused", reason=refusal.refused), err=True)


@loras.command()
def inspect(paths: Paths, as_json: Json = False) -> None:
    """Say what LoRA files are: format, base, rank, alpha, words, hashes, and what is wrong with them.

    One file is described in full, several in a line each. Exit code 1 where one of them is refused.
    """
    from animegen.lora_files import Refusal, survey

    found = list(survey(paths))
    if not found:
        raise AdapterRefused("cli.no_lora_files")
    if as_json:
        say(json.dumps([_fields(each) for each in found], indent=2))
    elif len(paths) == 1 and not paths[0].is_dir():
        _describe(found[0])
    else:
        for each in found:
            say(f"{_text(each.file)}: {_line(each)}")
    if any(isinstance(each, Refusal) for each in found):
        raise typer.Exit(1)


def _describe(found: "Description | Refusal") -> None:
    """Print all that is known of one file, a line a field."""
    from animegen.lora_files import Refusal

    if isinstance(found, Refusal):
        raise AdapterRefused(found.refused)
    table = columns("", "")
    table.show_header = False
    for name, value in _fields(found).items():
        texts = [_text(each) for each in (value if isinstance(value, tuple) else (value,))]
        table.add_row(name.replace("_", " "), ("\n" if name == "notes" else ", ").join(texts) or "-")
    show(table)


def _line(found: "Description | Refusal") -> str:
    from animegen.lora_files import Refusal

    if isinstance(found, Refusal):
        return f"refused: {found.refused}"
    rank, alpha = ("/".join(map(_text, values)) for values in (found.ranks, found.alphas))
    modules = found.unet_modules + found.text_encoder_modules
    facts = f"{found.format}, {found.base}, rank {rank}, alpha {alpha}, {modules} modules, {found.autov3}"
    return " ".join((facts, *map(str, found.notes)))


def _fields(found: "Description | Refusal") -> dict[str, Any]:
    """Return the fields by name, messages as English sentences."""
    return {each.name: _plain(getattr(found, each.name)) for each in fields(found)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return str(value) if isinstance(value, Message) else value


def _text(value: object) -> str:
    from animegen.lora_files.weights import clipped

    return f"{value:g}" if isinstance(value, float) else clipped(str(value), 300)
