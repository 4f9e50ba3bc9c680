"""The small decoder that a model's previews are made by: TAESD, a thirtieth of the model's own autoencoder."""

import sys
from dataclasses import replace

from diffusers import AutoencoderTiny

from animegen.errors import ModelUnavailable
from animegen.models import hub
from animegen.models.files import NETWORK
from animegen.models.loading import DAMAGED, Parts, ready


def load(parts: Parts) -> AutoencoderTiny | None:
    """Return the small decoder of a model, placed as its parts are, or None: without it there are no previews.

    It is downloaded where it is not here, in one try, since nothing waits for it. Why there is none is told on the
    terminal. It is so small that it takes no turns.
    """
    row, once = parts.row, replace(parts.source, pauses=())
    if not row.taesd:
        return None
    try:
        folder = hub.snapshot(row.taesd, NETWORK, half=parts.placement.half, source=once)
        network: AutoencoderTiny = ready(AutoencoderTiny, folder, parts.placement)
    except ModelUnavailable as problem:
        why = str(problem)
    except DAMAGED:
        why = f"{row.taesd} is incomplete or damaged; run `animegen models pull` to get it again."
    else:
        return network
    print(f"{row.label} draws without previews: {why}", file=sys.stderr)
    return None
