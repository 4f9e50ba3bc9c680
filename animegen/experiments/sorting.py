"""Pictures of the embedded model read by its judge, so that they can be sorted without captions."""

import torch

from animegen.chibi.character import NEUTRAL
from animegen.chibi.judge import ATTRIBUTES, tensor
from animegen.datasets.pictures import open_still
from animegen.datasets.side_files import Entry
from animegen.datasets.sorting import Read, Reading
from animegen.datasets.tags import Tag, spell
from animegen.experiments.trial import load_judge
from animegen.messages import message


def by_judge() -> Read:
    """Return what reads the emotion and the clothes in a picture. Raises ModelUnavailable when there is no judge."""
    judge, source = load_judge(), message("datasets.sort_judge")

    def read(entry: Entry) -> Reading:
        with torch.inference_mode():
            logits = judge(tensor([open_still(entry.picture)]))
        tags = []
        for name in ("emotion", "outfit"):
            confidence, at = logits[name].softmax(dim=1).max(dim=1)
            word = ATTRIBUTES[name][int(at)]
            word = "neutral expression" if word == NEUTRAL else spell(word)
            tags.append(Tag(name=word, confidence=float(confidence)))
        return Reading(tags=tags, source=source)

    return read
