"""Which files of a repository the app needs: configurations, words, and one set of safetensors for each network.

Everything else stays where it is: pickles, whatever their name, weights for training, whole checkpoints, pictures.
"""

import re
from collections.abc import Iterable, Sequence

from animegen.errors import ModelUnavailable
from animegen.messages import Text, message

STABLE_DIFFUSION = ("", "scheduler", "text_encoder", "tokenizer", "unet", "vae")
"""The folders of a base model; the first is the repository itself, with ``model_index.json``."""

NETWORK = ("",)
"""Where a repository of one network or one LoRA has it."""

WEIGHTS = re.compile(
    r"(?P<stem>diffusion_pytorch_model|model|adapter_model|pytorch_lora_weights)"
    r"(?P<half>\.fp16)?(?:-\d{5}-of-(?P<shards>\d{5}))?\.safetensors"
)
"""The names that diffusers, transformers and PEFT give to weights, in full or in half precision, whole or in shards."""

INDEX = re.compile(r".+\.safetensors\.index(?P<half>\.fp16)?\.json")
WORDS = (".json", ".txt")


def select(paths: Iterable[str], parts: Sequence[str], *, half: bool) -> frozenset[str]:
    """Return what is needed of a repository's files: those of each of the ``parts``, a folder or one file's path.

    Weights in half precision are taken where ``half`` is wanted or there are no others, and never both.
    Raises ModelUnavailable when a part has no file, or a network no safetensors.
    """
    known = frozenset(paths)
    return frozenset().union(*(_part(known, part, half) for part in parts))


def _part(known: frozenset[str], part: str, half: bool) -> frozenset[str]:
    if part in known:
        return frozenset({part})
    paths = [path for path in known if _folder(path) == part]
    weights = {path: found for path in paths if (found := WEIGHTS.fullmatch(_name(path)))}
    words = [path for path in paths if path.endswith(WORDS)]
    if f"{part}/config.json".lstrip("/") in words and not weights:
        raise ModelUnavailable("models.only_pickles", folder=_shown(part))
    if not weights and not words:
        raise ModelUnavailable("models.part_missing", part=part) if part else ModelUnavailable("models.weights_absent")
    halves = {bool(found["half"]) for found in weights.values()}
    chosen = half if half in halves else not half
    kept = {path: found for path, found in weights.items() if bool(found["half"]) == chosen}
    for found in kept.values():
        if found["shards"] and len(kept) < int(found["shards"]):
            raise ModelUnavailable("models.shards_missing", folder=_shown(part))
    return frozenset(kept).union(path for path in words if _belongs(_name(path), chosen))


def _shown(part: str) -> Text:
    return f"{part}/" if part else message("models.repository_root")


def _belongs(name: str, half: bool) -> bool:
    """Say whether a text is a configuration, or the index of the shards that were chosen."""
    index = INDEX.fullmatch(name)
    return index is None or bool(index["half"]) == half


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
