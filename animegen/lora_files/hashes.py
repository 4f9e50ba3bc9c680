"""The hashes by which other programs know a LoRA file."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Hashes:
    """sha256 in hexadecimal: of the whole file, and of its data section, which edits of the metadata leave alone."""

    file: str
    data: str

    @property
    def autov2(self) -> str:
        """Return the short hash that Civitai shows for any file."""
        return self.file[:10]

    @property
    def autov3(self) -> str:
        """Return the short hash that A1111 writes into pictures as ``Lora hashes``."""
        return self.data[:12]


def hashes(path: Path) -> Hashes:
    """Return the hashes of a safetensors file. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(8)
        header = file.read(int.from_bytes(head, "little"))
        whole, data = sha256(head + header), sha256()
        while chunk := file.read(CHUNK):
            whole.update(chunk)
            data.update(chunk)
    return Hashes(whole.hexdigest(), data.hexdigest())
