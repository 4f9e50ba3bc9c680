"""How a request is sampled: what it leaves unset, as preset and model have it."""

from dataclasses import dataclass

from animegen.errors import InvalidRequest
from animegen.models.table import ModelRow
from animegen.pipelines import samplers
from animegen.tasks import MAX_SEED, Request, Still


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampling:
    """Steps, guidance scale and sampler; ``size`` is the side of a square drawing in pixels."""

    steps: int
    guidance_scale: float
    sampler: str
    size: int


def choose_sampling(row: ModelRow, request: Request) -> Sampling:
    """Return how a model samples a request. Raises InvalidRequest for what it cannot."""
    requested = samplers.normalize(request.sampler) if request.sampler else ""
    preset = row.preset(request.preset, requested)
    sampler, steps = requested or preset.sampler, request.steps or preset.steps
    samplers.check(sampler, steps, row)
    guidance = preset.guidance_scale if request.guidance_scale is None else request.guidance_scale
    return Sampling(steps=steps, guidance_scale=guidance, sampler=sampler, size=preset.size)


def choose_seed(request: Request, random_seed: int) -> int:
    """Return the seed of the first picture; further pictures take the next ones, which must be seeds too.

    ``random_seed`` takes the place of one that is unset. Raises InvalidRequest.
    """
    count = request.count if isinstance(request, Still) else 1
    highest = MAX_SEED - count + 1
    if request.seed is None:
        return min(random_seed, highest)
    if request.seed > highest:
        raise InvalidRequest("studio.seed", count=count, seed=request.seed, most=MAX_SEED, highest=highest)
    return request.seed
