"""Which LoRAs can be asked for by name: those of a catalogue, and a person's own files in a folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

from animegen.errors import AdapterRefused, InvalidRequest
from animegen.lora_files import catalogue
from animegen.lora_files.bases import Base, drawable
from animegen.lora_files.catalogue import Offer
from animegen.lora_files.folders import PEFT_FILE, chosen, inside
from animegen.lora_files.inspecting import Refusal
from animegen.lora_files.reading import outline
from animegen.lora_files.weights import Cause, clipped, refusing
from animegen.lora_files.words import advised_weight, trigger_words
from animegen.prompts.syntax import without_loras
from animegen.tasks import Lora, Request
from animegen.tasks.loras import NAME, OWN, loras

T = TypeVar("T", bound=Request)
OWN_FOLDER: Final = Path(str(files("animegen"))).parent / "lora_weights"
"""The LoRAs that come with the source, which need not be there."""
SUFFIX: Final = ".safetensors"


class Offers:
    """The LoRAs in some folders, looked for anew each time, so that a file that is added meanwhile is offered too.

    A folder's catalogue names its own, with what is known of them; every other safetensors file, and every folder
    that PEFT or diffusers wrote, is offered by its file name. Of two with one name the first counts. ``known`` are
    the bases that a file may be of, every one that can draw where none are given.
    """

    def __init__(self, folders: Sequence[Path] = (), known: Sequence[Base] = ()) -> None:
        self._folders = folders
        self._known = known or drawable()
        self._seen: dict[Path, tuple[object, Offer | Refusal]] = {}

    @classmethod
    def here(cls, folder: Path | None = None) -> "Offers":
        """Return the LoRAs that come with the source, and those of a person's own folder."""
        return cls([OWN_FOLDER, *([folder] if folder else [])])

    def all(self) -> Mapping[str, Offer]:
        """Return the LoRAs by name, those of every model."""
        found: dict[str, Offer] = {}
        for each in self._found():
            if isinstance(each, Offer):
                found.setdefault(each.name, each)
        return found

    def of(self, base: str) -> Mapping[str, Offer]:
        """Return the LoRAs by name whose layers a base has."""
        return {name: each for name, each in self.all().items() if base in each.bases}

    def refusals(self) -> tuple[Refusal, ...]:
        """Return the files that are not offered, and why."""
        return tuple(each for each in self._found() if isinstance(each, Refusal))

    def offer(self, name: str, base: str) -> Offer:
        """Return the LoRA of that name; raises InvalidRequest, which names the choices, when this base has none."""
        able = ", ".join(self.of(base))
        choice = f"choose one of: {able}" if able else "none is offered for this model, so draw without"
        if (found := self.all().get(name)) is None:
            raise InvalidRequest(f"There is no LoRA named '{clipped(name)}'; {choice}.")
        if base not in found.bases:
            raise InvalidRequest(f"The LoRA '{name}' is for {found.label}, which does not draw here; {choice}.")
        return found

    def applied(self, task: T, base: str) -> T:
        """Return a task with the ``<lora:name:weight>`` of its words among its LoRAs instead, all weights filled.

        Raises InvalidRequest as ``resolved`` does, and where no words are left.
        """
        cut = {name: without_loras(getattr(task, name)) for name in ("prompt", "final_prompt") if hasattr(task, name)}
        named = (lora for _, typed in cut.values() for lora in loras(typed))
        words: dict[str, Any] = {name: text for name, (text, _) in cut.items()}
        return replace(task, **words, loras=self.resolved((*task.loras, *named), base))

    def resolved(self, asked: Sequence[Lora], base: str) -> tuple[Lora, ...]:
        """Return the LoRAs of a request with their weights filled, each once.

        Raises InvalidRequest where there is no such LoRA, it is of another model, or has two weights.
        """
        found: dict[str, Lora] = {}
        for lora in asked:
            offer = self.offer(lora.name, base)
            filled = replace(lora, weight=offer.weight if lora.weight == OWN else float(lora.weight))
            if found.setdefault(lora.name, filled) != filled:
                raise InvalidRequest(f"The LoRA '{lora.name}' is named twice; name it once, with one weight.")
        return tuple(found.values())

    def _found(self) -> Iterator[Offer | Refusal]:
        for folder in self._folders:
            try:
                with refusing(folder):
                    lying = sorted(folder.iterdir()) if folder.is_dir() else []
            except AdapterRefused as refusal:
                yield Refusal(file=str(folder), refused=str(refusal))
                continue
            rows, refused = catalogue.read(folder)
            yield from refused
            yield from rows
            named = {row.path for row in rows}
            for path in lying:
                if path not in named and (path.suffix == SUFFIX or _holds_weights(path)):
                    yield self._lying(path, folder)

    def _lying(self, path: Path, folder: Path) -> Offer | Refusal:
        """Return what a file or folder is by its header, or why it is not offered; as long as it stays as it is."""
        try:
            with refusing(path):
                name = path.name.removesuffix(SUFFIX)
                if not NAME.fullmatch(name):
                    raise Cause("cannot be named in a prompt; rename it with letters, digits, dots, - and _ alone.")
                if not inside(path, folder):
                    raise Cause("is a link that leads out of its folder; put the file itself there.")
                parts = chosen(path) if path.is_dir() else [path]
                stamp = [(part.name, part.stat().st_mtime_ns, part.stat().st_size) for part in parts]
                if path not in self._seen or self._seen[path][0] != stamp:
                    self._seen[path] = stamp, self._outlined(name, path, parts)
                return self._seen[path][1]
        except AdapterRefused as refusal:
            return Refusal(file=str(path), refused=str(refusal))

    def _outlined(self, name: str, path: Path, parts: Sequence[Path]) -> Offer:
        seen = [outline(part, self._known) for part in parts]
        fits = [base for base in seen[0].bases if all(base in each.bases for each in seen)]
        return Offer(
            name=name,
            label=" or ".join(base.label for base in fits),
            bases=tuple(base.name for base in fits),
            triggers=trigger_words(seen[0].metadata, parts[0]),
            weight=advised_weight(parts[0]),
            licence=clipped(seen[0].metadata.get("modelspec.license", "")),
            path=path,
        )


def _holds_weights(folder: Path) -> bool:
    return any(True for pattern in (f"*{SUFFIX}", f"*/{PEFT_FILE}") for _ in folder.glob(pattern))
