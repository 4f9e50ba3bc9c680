"""What a LoRA file is, and what is wrong with it, without a model and without torch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from animegen.errors import AdapterRefused
from animegen.lora_files.adapter import Adapter
from animegen.lora_files.bases import bases
from animegen.lora_files.compatibility import labels
from animegen.lora_files.folders import SUFFIXES, inside, within
from animegen.lora_files.hashes import Hashes, hashes
from animegen.lora_files.key_names import Format
from animegen.lora_files.reader import read
from animegen.lora_files.weights import Cause, clipped, refusing
from animegen.lora_files.words import tags, trigger_words
from animegen.messages import Message, message


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """A LoRA that can be used, and in ``notes`` what should be known before.

    ``ranks`` and ``alphas`` are all that occur; ``autov2``, ``autov3`` are Civitai's and A1111's short hashes.
    """

    file: str
    format: str
    base: str
    unet_modules: int
    text_encoder_modules: int
    convolutions: int
    ranks: tuple[int, ...]
    alphas: tuple[float, ...]
    parameters: int
    precision: str
    trigger_words: tuple[str, ...]
    tags: tuple[str, ...]
    sha256: str
    autov2: str
    autov3: str
    notes: tuple[Message, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A file that cannot be used, and why."""

    file: str
    refused: Message


def inspect(path: Path) -> Description:
    """Return what a LoRA file is. Raises AdapterRefused."""
    with refusing(path):
        if path.is_dir():
            raise Cause("lora_files.folder_given")
        return _described(path, read(path), hashes(path))


def _described(path: Path, adapter: Adapter, known: Hashes) -> Description:
    return Description(
        file=str(path),
        format=adapter.source or "",
        base=labels([bases()[name] for name in adapter.bases]),
        **adapter.counted(),
        trigger_words=trigger_words(adapter.metadata, path),
        tags=tags(adapter.metadata),
        sha256=known.file,
        autov2=known.autov2,
        autov3=known.autov3,
        notes=(*adapter.notes, *_doubts(adapter, known)),
    )


def survey(paths: Iterable[Path]) -> Iterator[Description | Refusal]:
    """Yield what each file is, good or bad, and of each folder all files that look like weights, by name."""
    for path in paths:
        for file in _weights(path) if path.is_dir() else [path]:
            try:
                with refusing(file):
                    if path.is_dir() and not inside(file, path):
                        raise Cause("lora_files.link_skipped")
                    if path.is_dir() and file.is_dir():
                        raise Cause("lora_files.folder_skipped")
                yield inspect(file)
            except AdapterRefused as refusal:
                yield Refusal(file=str(file), refused=refusal.message)


def _weights(folder: Path) -> list[Path]:
    """Return the files that look like weights by name, and the folders that cannot be opened."""
    files, shut = within(folder)
    return sorted([*shut, *(file for file in files if file.suffix.lower() in SUFFIXES)])


def _doubts(adapter: Adapter, known: Hashes) -> Iterator[Message]:
    """Yield a note for each contradiction between a file's metadata and its tensors."""
    first, metadata = bases()[adapter.bases[0]], adapter.metadata
    version = metadata.get("ss_base_model_version", "")
    if version and version[:5] != first.kohya["ss_base_model_version"][:5]:
        yield message("lora_files.base_contradiction", name=clipped(version), base=first.label)
    rank = metadata.get("ss_network_dim", "")
    if rank.isdecimal() and rank not in {str(module.rank) for module in adapter.modules}:
        yield message("lora_files.rank_contradiction", rank=clipped(rank))
    if adapter.source is Format.KOHYA and metadata.get("sshs_model_hash", known.data) != known.data:
        yield message("lora_files.hash_contradiction")
    if not any(module.up.any() and module.down.any() for module in adapter.modules):
        yield message("lora_files.no_effect")
