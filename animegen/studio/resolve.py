"""From a request to a job: everything that is left unset is filled, once, without weights and without chance."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from animegen.errors import InvalidRequest
from animegen.lora_files import Inventory, Offer
from animegen.messages import Message, message
from animegen.models import matting
from animegen.models.table import ModelRow
from animegen.pictures.sprites import check as check_character
from animegen.pipelines import samplers
from animegen.pipelines.job import Job
from animegen.prompts import names
from animegen.prompts.brief import Brief
from animegen.prompts.emotions import remove_emotions
from animegen.prompts.notes import shorten
from animegen.prompts.prompt import Prompt
from animegen.prompts.rules import rules
from animegen.prompts.styles import style
from animegen.prompts.writer import PromptWriter, TemplateWriter
from animegen.studio import recognition
from animegen.studio.notes import notes
from animegen.studio.sampling import choose_sampling, choose_seed
from animegen.studio.source import prepare_source
from animegen.tasks import ExpressionSheet, Request, Still, Task

if TYPE_CHECKING:
    from animegen.models.tokens import Tokens

T = TypeVar("T", bound=Request)


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """What is known of a model without its weights: its row, its tokenizer, and the LoRAs that are offered.

    Where it is ``public``, anybody may request pictures, and the content rules are those of a public page.
    """

    row: ModelRow
    tokens: "Tokens"
    loras: Inventory = field(default_factory=Inventory)
    public: bool = False


def resolve(model: Model, request: Task, random_seed: int) -> Job[Any]:
    """Return the job of a request; ``random_seed`` takes the place of a seed that is unset.

    Raises InvalidRequest for what is against the rules, in none of the tables, or more than the model can, and
    AdapterRefused for a LoRA that is not offered because its file is refused.
    """
    ready = model.loras.apply(names.normalize(request), model.row.lora_base)
    typed = (request.prompt, ready.prompt, getattr(ready, "final_prompt", ""), *(each.name for each in ready.loras))
    rules().check(typed, request.negative_prompt, public=model.public)
    ready, left_out = _without_emotions(ready)
    sampling = choose_sampling(model.row, ready)
    source = prepare_source(model.row, ready, sampling.size)
    prompts = [write_prompt(model, still) for still in source.request.prompts()]
    texts, negative = tuple(each.text for each in prompts), prompts[0].negative
    rules().check((*typed, *texts), f"{request.negative_prompt}, {negative}", public=model.public)
    job = Job(
        request=source.request, texts=texts, negative=negative, source=source.image,
        steps=sampling.steps, guidance_scale=sampling.guidance_scale, sampler=sampling.sampler,
        width=source.size[0], height=source.size[1], seed=choose_seed(ready, random_seed),
        adapters=_adapters(model, ready, sampling.sampler), cpu_seconds=_cpu_seconds(model.row, ready),
        undecided=recognition.undecided(model.row, model.tokens, source.request, texts, negative),
    )  # fmt: skip
    ruled_out = bool(request.negative_prompt or prompts[0].negated)
    about: tuple[Message, ...] = (
        *left_out,
        *source.notes,
        *(note for each in prompts for note in each.notes),
        *_style_notes(model, ready),
        *notes(model.tokens, job, negative_requested=ruled_out),
    )
    return replace(job, notes=tuple(dict.fromkeys(about)))


def write_prompt(model: Model, request: Still) -> Prompt:
    """Return the layers of a request's prompt as the model reads them.

    Raises InvalidRequest when the request names an emotion, style, quality or LoRA that does not exist or suit the
    model.
    """
    request = model.loras.apply(names.normalize(request), model.row.lora_base)
    writer: PromptWriter = TemplateWriter(
        family=model.row.family, count=model.tokens.count, limit=model.row.token_limit,
        triggers={each.name: model.loras.offers[each.name].triggers for each in request.loras if each.weight},
        painted=model.loras.styles(model.row.lora_base),
    )  # fmt: skip
    return writer.write(brief(request))


def brief(request: Still) -> Brief:
    """Return the fields of a request that decide its prompt."""
    return Brief(**{field.name: getattr(request, field.name) for field in fields(Brief)})


def _adapters(model: Model, request: Request, sampler: str) -> tuple[tuple[Offer, float], ...]:
    """Return the LoRAs that a request names, and the one that its sampler needs, with their weights."""
    base = model.row.lora_base
    named = [(model.loras.offer(each.name, base), float(each.weight or 0)) for each in request.loras]
    needed = samplers.lora(sampler, model.row)
    return (*named, *([(needed, needed.weight)] if needed else []))


def _style_notes(model: Model, request: Request) -> Iterator[Message]:
    """Yield which LoRA makes the style of a request, if one does."""
    offer = model.loras.styles(model.row.lora_base).get(request.style)
    for lora in request.loras:
        if offer and lora.name == offer.name:
            yield message("studio.style_lora", style=style(request.style).label, lora=str(lora))


def _without_emotions(request: T) -> tuple[T, tuple[Message, ...]]:
    """Return a sheet whose prompt names no emotion and what was left out; each of its faces has its own emotion."""
    if not isinstance(request, ExpressionSheet):
        return request, ()
    check_character(request.character)
    text, felt = remove_emotions(request.prompt)
    if not felt:
        return request, ()
    if not text:
        raise InvalidRequest("studio.emotions_alone")
    return replace(request, prompt=text), (message("studio.emotions_left_out", words=shorten(felt)),)


def _cpu_seconds(row: ModelRow, request: Request) -> float:
    """Return for how many seconds a processor cuts a sheet's pictures out, the neutral one among them."""
    cut = isinstance(request, ExpressionSheet) and request.transparent and matting.serves(row)
    return matting.SECONDS * len(request.prompts()) if cut else 0.0  # type: ignore[attr-defined]  # it is a sheet
