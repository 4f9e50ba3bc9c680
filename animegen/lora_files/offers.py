"""Which LoRAs can be asked for by name: those of a catalogue, and a person's own files in a folder."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

from animegen.errors import AdapterRefused, InvalidRequest
from animegen.lora_files import catalogue
from animegen.lora_files.bases import Base, drawable
from animegen.lora_files.catalogue import Offer, Role
from animegen.lora_files.folders import chosen, inside, shelved, stamp
from animegen.lora_files.inspection import Refusal
from animegen.lora_files.reader import read
from animegen.lora_files.weights import Cause, called, clipped, refusing
from animegen.lora_files.words import advised_weight, trigger_words
from animegen.prompts.syntax import without_loras
from animegen.tasks import Lora, Request
from animegen.tasks.loras import NAME, OWN, loras

T = TypeVar("T", bound=Request)
OWN_FOLDER: Final = Path(str(files("animegen"))).parent / "lora_weights"
"""The LoRAs that come with the source, which need not be there."""


class Offers:
    """The LoRAs in some folders, looked for anew each time, so that a file that is added meanwhile is offered too.

    A folder's catalogue names its own, with what is known of them; every other safetensors file, however deep it lies,
    and every folder that PEFT or diffusers wrote, is offered by its file name. What cannot be read cannot be offered:
    each is read to the end once. Of two with one name the first counts. ``known`` are the bases that a file may be of,
    every one that can draw where none are given.
    """

    def __init__(self, folders: Sequence[Path] = (), known: Sequence[Base] = ()) -> None:
        self._folders = folders
        self._known = {base.name: base for base in known or drawable()}
        self._seen: dict[Path, tuple[object, Offer | Refusal]] = {}
        self._reading = threading.Lock()

    @classmethod
    def here(cls, folder: Path | None = None) -> "Offers":
        """Return the LoRAs that come with the source, and those of a person's own folder."""
        return cls([OWN_FOLDER, *(each for each in [folder] if each and each.resolve() != OWN_FOLDER.resolve())])

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

    def selectable(self, base: str) -> Mapping[str, Offer]:
        """Return the LoRAs that a person chooses of for a base: without those that a sampler puts on by itself."""
        return {name: each for name, each in self.of(base).items() if not each.role}

    def with_role(self, role: Role, base: str) -> Offer | None:
        """Return the first LoRA of a base that a catalogue gives this role; None where there is none."""
        rows = ((folder, row) for folder in self._folders for row in catalogue.read(folder, self._known)[0])
        fitting = ((folder, row) for folder, row in rows if row.role == role and base in row.bases)
        found = (self._judged(row.path, folder, row) if row.path else row for folder, row in fitting)
        return next((each for each in found if isinstance(each, Offer)), None)

    def refusals(self) -> tuple[Refusal, ...]:
        """Return the files that are not offered, and why."""
        return tuple(each for each in self._found() if isinstance(each, Refusal))

    def offer(self, name: str, base: str) -> Offer:
        """Return the LoRA of that name.

        Raises AdapterRefused with the reason when its file is not offered, and InvalidRequest, which names the choices,
        when this base has none.
        """
        able = ", ".join(self.selectable(base))
        choice = f"choose one of: {able}" if able else "none is offered for this model, so draw without"
        if (found := self.all().get(name)) is None:
            for refusal in self.refusals():
                if name in {Path(refusal.file).stem, Path(refusal.file).name}:
                    raise AdapterRefused(refusal.refused)
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
        taken: dict[str, Offer] = {}
        for each in self._lying():
            if isinstance(each, Refusal) or taken.setdefault(each.name, each) is each:
                yield each
            elif each.path != taken[each.name].path:
                yield _refusal(each.path or Path(each.name), Cause("has the name of another LoRA; rename it."))

    def _lying(self) -> Iterator[Offer | Refusal]:
        for folder in self._folders:
            try:
                with refusing(folder):
                    paths, shut = shelved(folder) if folder.is_dir() else ([], [])
            except AdapterRefused as refusal:
                yield Refusal(file=str(folder), refused=str(refusal))
                continue
            rows, refused = catalogue.read(folder, self._known)
            yield from refused
            yield from (self._judged(row.path, folder, row) if row.path else row for row in rows)
            yield from (_refusal(each, Cause("is a folder that cannot be opened; check its rights.")) for each in shut)
            named = {row.path for row in rows}
            yield from (self._judged(path, folder) for path in paths if path not in named)

    def _judged(self, path: Path, folder: Path, row: Offer | None = None) -> Offer | Refusal:
        """Return what a file or folder is, or why it is not offered, by all that is in it; read anew when it changes.

        A catalogue's ``row`` says itself what it offers, and is held against what lies there.
        """
        try:
            with refusing(path):
                name = row.name if row else _name(path)
                if not inside(path, folder):
                    raise Cause("is a link that leads out of its folder; put the file itself there.")
                return self._remembered(name, path, row)
        except AdapterRefused as refusal:
            return Refusal(file=str(path), refused=str(refusal))

    def _remembered(self, name: str, path: Path, row: Offer | None) -> Offer | Refusal:
        """Return what was read before, if the files are still the same. Raises Cause and OSError."""
        now = row, stamp(path)
        known, found = self._seen.get(path, (None, None))
        if found and known == now:
            return found
        with self._reading:  # of many visitors one reads
            if path not in self._seen or self._seen[path][0] != now:
                self._seen[path] = now, self._read(name, path, row)
            return self._seen[path][1]

    def _read(self, name: str, path: Path, row: Offer | None) -> Offer | Refusal:
        try:
            adapter = read(path, [self._known[base] for base in row.bases] if row else list(self._known.values()))
        except AdapterRefused as refusal:
            return Refusal(file=str(path), refused=str(refusal))
        first = chosen(path)[0] if path.is_dir() else path
        return row or Offer(
            name=name,
            label=" or ".join(base.label for base in self._known.values() if base.name in adapter.bases),
            bases=adapter.bases,
            triggers=trigger_words(adapter.metadata, first),
            weight=advised_weight(first),
            licence=clipped(adapter.metadata.get("modelspec.license", "")),
            path=path,
        )


def _refusal(path: Path, cause: Cause) -> Refusal:
    return Refusal(file=str(path), refused=f"{called(path)} {cause}")


def _name(path: Path) -> str:
    """Return the name of a file or folder that the prompt can use. Raises Cause when it cannot."""
    name = path.name if path.is_dir() else path.stem
    if not NAME.fullmatch(name):
        raise Cause("cannot be named in a prompt; rename it with letters, digits, dots, - and _ alone.")
    return name
