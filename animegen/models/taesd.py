"""The small decoder that a model's previews are made by: TAESD, a thirtieth of the model's own autoencoder."""

import logging
from dataclasses import replace

from diffusers import AutoencoderTiny

from animegen.errors import ModelUnavailable
from animegen.messages import message
from animegen.models import hub
from animegen.models.files import NETWORK
from animegen.models.loading import DAMAGED, Parts, ready

log = logging.getLogger(__name__)


def load(parts: Parts) -> AutoencoderTiny | None:
    """Return the small decoder of a model, placed as its parts are, or None: without it there are no previews.

    It is downloaded where it is not here, in one try, since nothing waits for it. Why there is none is
    logged. It is so small that it is never offloaded.
    """
    row, once = parts.row, replace(parts.source, pauses=())
    if not row.taesd:
        return None
    try:
        folder = hub.snapshot(row.taesd, NETWORK, half=parts.placement.half, source=once)
        network: AutoencoderTiny = ready(AutoencoderTiny, folder, parts.placement)
    except ModelUnavailable as problem:
        why = problem.message
    except DAMAGED:
        why = message("models.decoder_damaged", repository=row.taesd)
    else:
        return network
    log.warning("%s", message("models.no_previews", model=row.label, why=why))
    return None
