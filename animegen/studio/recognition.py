"""The recognition of a request's picture: what it shows and the words leave open is added to the words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from animegen.messages import message
from animegen.models.table import ModelRow
from animegen.pipelines.job import Job
from animegen.tasks import Animation, EmotionPath, ImageToImage, Request, Still

if TYPE_CHECKING:
    from animegen.models.tokens import Tokens
    from animegen.pipelines.engine import Engine


def undecided(
    row: ModelRow, tokens: "Tokens", request: Request, texts: Sequence[str], negative: str
) -> tuple[Sequence[str], ...]:
    """Return the choices of words for what a request's picture shows and its texts leave open."""
    from animegen.pipelines import zero_shot

    if not _recognised(row, request) or (isinstance(request, Still) and request.final_prompt):
        return ()
    return zero_shot.find_unspecified(tokens, texts, row.family, negative)


def describe_source(engine: "Engine", job: Job[Any]) -> Job[Any]:
    """Return the job with the words for what its picture shows and its texts leave open.

    Only one thread at a time may call it.
    """
    from animegen.pipelines import familiarity, zero_shot

    if job.source is None or not job.undecided:
        return job
    if not familiarity.is_familiar(engine, job.source):
        return replace(job, notes=(*job.notes, message("studio.unfamiliar")))
    found = zero_shot.recognise(engine, job.source, job.undecided)
    if not found:
        return job
    texts = tuple(", ".join(filter(None, (text, *found))) for text in job.texts)
    return replace(job, texts=texts, notes=(*job.notes, message("studio.recognised", words=tuple(found))))


def _recognised(row: ModelRow, request: Request) -> bool:
    """Say whether the looks of a request's picture are kept, and the model can tell what they are.

    Of larger models it was never measured: the paper takes hundreds of noises (Li et al. 2023, 2303.16203).
    """
    match request:
        case ImageToImage(strength=strength) | EmotionPath(strength=strength) | Animation(last_strength=strength):
            return row.recognises and request.image is not None and 0 < strength < 1
    return False
