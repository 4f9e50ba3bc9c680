"""The folders of LoRAs: a catalogue's, and a person's own files; one scan makes the inventory of all of them."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

from animegen.errors import AdapterRefused
from animegen.lora_files import catalogue
from animegen.lora_files.bases import Base, drawable
from animegen.lora_files.catalogue import Offer, Role
from animegen.lora_files.compatibility import labels
from animegen.lora_files.folders import chosen, inside, shelved, stamp
from animegen.lora_files.inspection import Refusal
from animegen.lora_files.inventory import Inventory
from animegen.lora_files.reader import read
from animegen.lora_files.weights import Cause, called, clipped, refusing
from animegen.lora_files.words import advised_weight, trigger_words
from animegen.tasks import Lora, Request
from animegen.tasks.loras import NAME

T = TypeVar("T", bound=Request)
OWN_FOLDER: Final = Path(str(files("animegen"))).parent / "lora_weights"
"""The LoRAs that come with the source, which need not be there."""


class Offers:
    """The LoRAs in some folders, scanned anew each time, so that a file that is added meanwhile is offered too.

    A folder's catalogue names its own, with what is known of them; every other safetensors file, however deep it lies,
    and every folder that PEFT or diffusers wrote, is offered by its file name. What cannot be read cannot be offered:
    each is read to the end once. Of two with one name the first counts. ``known`` are the bases that a file may be of,
    every one that can draw where none are given.

    Any thread may scan. What was read of each file is kept in one dictionary that is only used under a lock: of several
    threads that meet a new file one reads it, and the others wait for that.
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

    @property
    def own_folder(self) -> Path:
        """The folder that a person's own files go to: the last one."""
        return self._folders[-1]

    def scan(self) -> Inventory:
        """Look through the folders once and return all that is offered, and all that is not."""
        offers, refusals = dict[str, Offer](), list[Refusal]()
        for each in self._lying():
            if isinstance(each, Refusal):
                refusals.append(each)
            elif offers.setdefault(each.name, each) is not each and each.path != offers[each.name].path:
                refusals.append(_refusal(each.path or Path(each.name), Cause("lora_files.name_taken")))
        return Inventory(offers, tuple(refusals))

    def all(self) -> Mapping[str, Offer]:
        """Scan, and return the LoRAs by name, those of every model."""
        return self.scan().offers

    def of(self, base: str) -> Mapping[str, Offer]:
        """Scan, and return the LoRAs by name whose layers a base has."""
        return self.scan().of(base)

    def selectable(self, base: str) -> Mapping[str, Offer]:
        """Scan, and return the LoRAs that a person chooses from, as ``Inventory.selectable`` does."""
        return self.scan().selectable(base)

    def styles(self, base: str) -> Mapping[str, Offer]:
        """Scan, and return the LoRAs that styles put on, as ``Inventory.styles`` does."""
        return self.scan().styles(base)

    def with_role(self, role: Role, base: str) -> Offer | None:
        """Return the first LoRA of a base that a catalogue gives this role; None where there is none."""
        rows = ((folder, row) for folder in self._folders for row in catalogue.read(folder, self._known)[0])
        fitting = ((folder, row) for folder, row in rows if row.role == role and base in row.bases)
        found = (self._judged(row.path, folder, row) if row.path else row for folder, row in fitting)
        return next((each for each in found if isinstance(each, Offer)), None)

    def refusals(self) -> tuple[Refusal, ...]:
        """Scan, and return the files that are not offered, and why."""
        return self.scan().refusals

    def offer(self, name: str, base: str) -> Offer:
        """Scan, and return the LoRA of that name as ``Inventory.offer`` does."""
        return self.scan().offer(name, base)

    def applied(self, task: T, base: str) -> T:
        """Scan, and return a task with its LoRAs as ``Inventory.apply`` does."""
        return self.scan().apply(task, base)

    def resolved(self, requested: Sequence[Lora], base: str) -> tuple[Lora, ...]:
        """Scan, and return LoRAs as ``Inventory.resolve`` does."""
        return self.scan().resolve(requested, base)

    def _lying(self) -> Iterator[Offer | Refusal]:
        for folder in self._folders:
            try:
                with refusing(folder):
                    paths, shut = shelved(folder) if folder.is_dir() else ([], [])
            except AdapterRefused as refusal:
                yield Refusal(file=str(folder), refused=refusal.message)
                continue
            rows, refused = catalogue.read(folder, self._known)
            yield from refused
            yield from (self._judged(row.path, folder, row) if row.path else row for row in rows)
            yield from (_refusal(each, Cause("lora_files.folder_closed")) for each in shut)
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
                    raise Cause("lora_files.link_outside")
                return self._remembered(name, path, row)
        except AdapterRefused as refusal:
            return Refusal(file=str(path), refused=refusal.message)

    def _remembered(self, name: str, path: Path, row: Offer | None) -> Offer | Refusal:
        """Return what was read before, if the files are still the same. Raises Cause and OSError."""
        now = row, stamp(path)
        with self._reading:
            if path not in self._seen or self._seen[path][0] != now:
                self._seen[path] = now, self._read(name, path, row)
            return self._seen[path][1]

    def _read(self, name: str, path: Path, row: Offer | None) -> Offer | Refusal:
        try:
            adapter = read(path, [self._known[base] for base in row.bases] if row else list(self._known.values()))
        except AdapterRefused as refusal:
            return Refusal(file=str(path), refused=refusal.message)
        first = chosen(path)[0] if path.is_dir() else path
        return row or Offer(
            name=name,
            label=labels([base for base in self._known.values() if base.name in adapter.bases]),
            bases=adapter.bases,
            triggers=trigger_words(adapter.metadata, first),
            weight=advised_weight(first),
            licence=clipped(adapter.metadata.get("modelspec.license", "")),
            path=path,
        )


def _refusal(path: Path, cause: Cause) -> Refusal:
    return Refusal(file=str(path), refused=cause.message(called(path)))


def _name(path: Path) -> str:
    """Return the name of a file or folder that the prompt can use. Raises Cause when it cannot."""
    name = path.name if path.is_dir() else path.stem
    if not NAME.fullmatch(name):
        raise Cause("lora_files.name_invalid")
    return name
