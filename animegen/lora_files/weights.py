"""A safetensors file, opened with care: its header is held against the file before any number is read.

The format is https://huggingface.co/docs/safetensors: eight bytes for the header's length, the header as JSON, the
data. Written here and not left to the library, whose errors do not say what a person can do, and which takes a name
that stands in the header twice for one.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from animegen.errors import AdapterRefused
from animegen.lora_files.bases import PARTS
from animegen.messages import Message, message

MAX_HEADER: Final = 32 << 20
"""Bytes; a header lists tensors and captions' tags, and kohya's longest have a few million."""
MAX_TENSORS: Final = 20_000
MAX_SIDES: Final = 8
MAX_NUMBER: Final = 1 << 53
SIZES: Final = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0"), 1),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 2),
    **dict.fromkeys(("I32", "U32", "F32"), 4),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 8),
}
"""Bytes a number, by the type's name in the header."""
FACTORS: Final = {"F16": "<f2", "F32": "<f4", "BF16": "<u2"}
PRECISIONS: Final = {"F16": "float16", "F32": "float32", "BF16": "bfloat16"}
NUMBERS: Final = FACTORS | {"F64": "<f8", "I32": "<i4", "I64": "<i8"}
STRANGERS: Final = (
    (b"version https://git-lfs", "lora_files.lfs_pointer"),
    (b"PK\x03\x04", "lora_files.archive"),
    (b"\x80", "lora_files.pickle"),
    (b"GGUF", "lora_files.gguf"),
    (b"<", "lora_files.web_page"),
    *((bytes((0x08, version, field)), "lora_files.onnx") for version in range(1, 32) for field in (0x12, 0x3A)),
)
"""What other files begin with, and the message about them.

An ONNX model is a message of protobuf: field 1 is the version of its format, then comes its producer or its graph.
"""
USUAL: Final = ("adapter_model", "pytorch_lora_weights")
"""What PEFT and diffusers call every file that they write, so that only its folder tells one from the other."""


class Cause(Exception):
    """Why a file is refused: the id of a message and its values but ``file``, which whoever opened it fills in."""

    def __init__(self, id: str, **values: Any) -> None:  # noqa: A002 - it is called an id everywhere
        super().__init__(id, values)
        self.id, self.values = id, values

    def message(self, file: str) -> Message:
        """Return the whole message about a file of this name."""
        return message(self.id, file=file, **self.values)


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry of the header: type, shape, and where its bytes lie in the data."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Weights:
    """An open file whose header is sound; numbers are read when they are asked for."""

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str]
    file: IO[bytes]
    start: int

    def factor(self, key: str) -> NDArray[np.float16] | NDArray[np.float32]:
        """Return a tensor of a type in FACTORS, bfloat16 as float32. Raises Cause for NaN and infinity."""
        values = self._read(self.tensors[key])
        if not np.isfinite(values).all():
            raise Cause("lora_files.not_finite", key=clipped(key))
        return values

    def number(self, key: str) -> float:
        """Return a tensor of one number. Raises Cause when it is none."""
        tensor = self.tensors[key]
        if tensor.dtype not in NUMBERS or prod(tensor.shape) != 1:
            raise Cause("lora_files.alpha_not_a_number", key=clipped(key))
        return float(self._read(tensor).item())

    def _read(self, tensor: Tensor) -> NDArray[Any]:
        self.file.seek(self.start + tensor.begin)
        raw = self.file.read(tensor.end - tensor.begin)
        if len(raw) < tensor.end - tensor.begin:
            raise Cause("lora_files.changed_while_read")
        values = np.frombuffer(raw, NUMBERS[tensor.dtype])
        if tensor.dtype == "BF16":  # the upper half of a float32
            values = (values.astype("<u4") << 16).view("<f4")
        return values.reshape(tensor.shape)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn a Cause, and what the disk refuses, into AdapterRefused with the name of the file or folder."""
    try:
        yield
    except Cause as cause:
        raise AdapterRefused(cause.message(called(path))) from None
    except OSError as error:
        raise AdapterRefused("lora_files.unreadable", file=called(path), why=str(error.strerror)) from error


@contextmanager
def open_weights(path: Path) -> Iterator[Weights]:
    """Open a file whose header is sound. Raises AdapterRefused, also for every Cause while it is open."""
    with refusing(path):
        if not path.is_file():
            raise Cause("lora_files.not_a_file")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            length = _header_length(file, size)
            tensors, metadata = _header(file.read(length))
            _check_data(tensors, size - 8 - length)
            yield Weights(tensors, metadata, file, 8 + length)


def called(path: Path) -> str:
    """Return what a person calls a file or folder: its name, where that is a usual one with its folder's.

    In the Hub's cache it has that of its repository.
    """
    for at in range(1, len(path.parts) - 1):
        folder, snapshots = path.parts[at - 1 : at + 1]
        if snapshots == "snapshots" and folder.startswith("models--"):
            return clipped("/".join((folder.removeprefix("models--").replace("--", "/"), *path.parts[at + 2 :])), 200)
    if path.stem not in USUAL:
        return clipped(path.name)
    return clipped("/".join(path.parts[-3 if path.parent.name in PARTS else -2 :]), 200)


def clipped(text: str, most: int = 80) -> str:
    """Return foreign text fit for a sentence: printable, and not long."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in text[:most])
    return clean if len(text) <= most else f"{clean}..."


def _header_length(file: IO[bytes], size: int) -> int:
    head = file.read(64)
    length = int.from_bytes(head[:8], "little")
    if size == 0:
        raise Cause("lora_files.empty")
    if head[8:9] != b"{":
        known = (reason for mark, reason in STRANGERS if head.startswith(mark))
        raise Cause(next(known, "lora_files.not_safetensors"))
    if length > MAX_HEADER:
        raise Cause("lora_files.header_too_long", size=length)
    if length > size - 8:
        raise Cause("lora_files.header_cut_off")
    file.seek(8)
    return length


def _header(raw: bytes) -> tuple[Mapping[str, Tensor], Mapping[str, str]]:
    try:
        entries = json.loads(raw, object_pairs_hook=_without_doubles)
        metadata = entries.pop("__metadata__", None) or {}
        if not all(isinstance(value, str) for value in metadata.values()):
            raise TypeError
        if len(entries) > MAX_TENSORS:
            raise Cause("lora_files.too_many_tensors", count=len(entries))
        json.dumps(metadata, ensure_ascii=False).encode()  # halves of letters cannot be written again
        return {key: _tensor(entry) for key, entry in entries.items()}, metadata
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Cause("lora_files.header_damaged") from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise Cause("lora_files.header_duplicate", key=clipped(key))
        seen[key] = value
    return seen


def _tensor(entry: Mapping[str, Any]) -> Tensor:
    """Return a header's entry; raises ValueError, TypeError or KeyError when it cannot be one."""
    shape, (begin, end) = tuple(entry["shape"]), entry["data_offsets"]
    if len(shape) > MAX_SIDES or not all(type(one) is int and 0 <= one < MAX_NUMBER for one in (*shape, begin, end)):
        raise ValueError
    if end - begin != SIZES[entry["dtype"]] * prod(shape):
        raise ValueError
    return Tensor(entry["dtype"], shape, begin, end)


def _check_data(tensors: Mapping[str, Tensor], size: int) -> None:
    """Hold the tensors against the data: one after the other, no byte shared, none missing, none left over."""
    spans = sorted((tensor.begin, tensor.end) for tensor in tensors.values())
    if any(this[1] != following[0] for this, following in pairwise([(0, 0), *spans])):
        raise Cause("lora_files.header_overlap")
    end = spans[-1][1] if spans else 0
    if end > size:
        raise Cause("lora_files.cut_off", missing=end - size)
    if end < size:
        raise Cause("lora_files.trailing_bytes", count=size - end)
