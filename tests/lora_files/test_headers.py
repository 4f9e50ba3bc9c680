"""Files by their bytes: whatever cannot be a safetensors file, or hides something, is refused before it is used."""

import math
import pickle
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save, save_file

from animegen.errors import AdapterRefused
from animegen.lora_files import read
from animegen.lora_files.weights import MAX_HEADER, MAX_TENSORS, SIZES, open_weights
from tests.lora_files.making import DOWN, GOOD, UP, Trap, refused, write_raw


def onnx(**said: str) -> bytes:
    """The smallest model that onnx itself writes."""
    from onnx import helper

    return helper.make_model(helper.make_graph([], "empty", [], []), **said).SerializeToString()


FOUR = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
FIRST_BYTES = {
    "nothing": (b"", "is empty"),
    "a few bytes": (b"\x10\0\0", "no safetensors file"),
    "an LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "git lfs pull"),
    "a pickle": (pickle.dumps(Trap()), "is a pickle"),
    "a zip of PyTorch": (b"PK\x03\x04" + bytes(100), "is a pickle of PyTorch"),
    "any other zip": (b"PK\x03\x04" + bytes(26) + b"miku.safetensors", "or another archive"),
    "a pickle of the first protocol": (pickle.dumps(Trap(), 0), "no safetensors file"),
    "a packed file": (b"\x1f\x8b\x08" + bytes(30), "no safetensors file"),
    "a web page": (b"<!DOCTYPE html><title>401</title>", "web page"),
    "GGUF": (b"GGUF\x03\0\0\0" + bytes(30), "GGUF"),
    "an ONNX model": (onnx(producer_name="pytorch"), "is an ONNX model, not a LoRA"),
    "an ONNX model of nobody's": (onnx(), "is an ONNX model, not a LoRA"),
    "noise": (bytes(range(100, 200)), "no safetensors file"),
}


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".bin", ""])
@pytest.mark.parametrize(("data", "words"), FIRST_BYTES.values(), ids=FIRST_BYTES)
def test_what_is_no_safetensors_file_is_named_whatever_it_is_called(data: bytes, words: str, suffix, tmp_path) -> None:
    path = tmp_path / f"miku{suffix}"
    path.write_bytes(data)
    assert words in refused(path)


def test_a_safetensors_file_is_read_whatever_it_is_called(tmp_path) -> None:
    save_file(GOOD, tmp_path / "miku.pt")
    assert len(read(tmp_path / "miku.pt").modules) == 1


HEADERS: dict[str, tuple[Any, bytes, str]] = {
    "not JSON": ("{oops", b"", "damaged header"),
    "not UTF-8": (b'{"\xff": 1}', b"", "damaged header"),
    "entries that are no objects": ('{"a": 1}', b"", "damaged header"),
    "nested a hundred thousand times": ('{"a":' * 100_000 + "1" + "}" * 100_000, b"", "damaged header"),
    "a type that does not exist": ({"a": FOUR | {"dtype": "F3"}}, bytes(4), "damaged header"),
    "a negative side": ({"a": FOUR | {"shape": [-1]}}, bytes(4), "damaged header"),
    "a side of true": ({"a": FOUR | {"shape": [True]}}, bytes(4), "damaged header"),
    "sides without end": ({"a": FOUR | {"shape": [10**18] * 10_000}}, bytes(4), "damaged header"),
    "a shape that is not its size": ({"a": FOUR | {"shape": [2]}}, bytes(4), "damaged header"),
    "offsets backwards": ({"a": FOUR | {"data_offsets": [4, 0]}}, bytes(4), "damaged header"),
    "offsets of three": ({"a": FOUR | {"data_offsets": [0, 2, 4]}}, bytes(4), "damaged header"),
    "metadata of numbers": ({"__metadata__": {"a": 1}}, b"", "damaged header"),
    "metadata that is a list": ({"__metadata__": ["a"]}, b"", "damaged header"),
    "metadata of half letters": ('{"__metadata__": {"a": "\\ud800"}}', b"", "damaged header"),
    "a number of a thousand digits": ({"a": FOUR | {"data_offsets": [0, 10**1000]}}, bytes(4), "damaged header"),
    "a name twice": ('{"a": {}, "a": {}}', bytes(4), "twice"),
    "overlapping tensors": ({"a": FOUR, "b": FOUR}, bytes(4), "overlap"),
    "a gap": ({"a": FOUR | {"data_offsets": [4, 8]}}, bytes(8), "gaps"),
    "data missing": ({"a": FOUR}, bytes(3), "1 bytes are missing"),
    "trailing bytes": ({"a": FOUR}, bytes(4) + b"#!/bin/sh", "9 unexpected bytes after its data"),
    "no tensors": ({}, b"", "no tensors"),
}


@pytest.mark.parametrize(("header", "data", "words"), HEADERS.values(), ids=HEADERS)
def test_a_header_that_cannot_be_true_is_refused(header: Any, data: bytes, words: str, tmp_path) -> None:
    assert words in refused(write_raw(tmp_path / "miku.safetensors", header, data))


@pytest.mark.parametrize(("length", "words"), [(MAX_HEADER + 1, "which no LoRA needs"), (2**63, "no LoRA needs")])
def test_an_absurdly_long_header_is_refused_before_it_is_read(length: int, words: str, tmp_path) -> None:
    assert words in refused(write_raw(tmp_path / "miku.safetensors", "{}", length=length))


def test_a_header_of_more_tensors_than_any_lora_has_is_refused_before_they_are_looked_at(tmp_path) -> None:
    many = ",".join(f'"{number}":{{}}' for number in range(MAX_TENSORS + 1))
    assert "which no LoRA needs" in refused(write_raw(tmp_path / "miku.safetensors", f"{{{many}}}"))


def test_a_file_cut_anywhere_is_refused(tmp_path) -> None:
    whole = save({DOWN: np.ones((2, 8), np.float32), UP: np.ones((8, 2), np.float32)})
    path = tmp_path / "miku.safetensors"
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises(AdapterRefused), open_weights(path):
            pass


@given(data=st.binary(max_size=200), tail=st.binary(max_size=40))
def test_any_bytes_at_all_are_read_or_refused(data: bytes, tail: bytes, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.safetensors"
    for content in (data, write_raw(path, b"{" + data, tail).read_bytes()):
        path.write_bytes(content)
        with suppress(AdapterRefused):
            read(path)


PATH = "mid_block_attentions_0_transformer_blocks_0_attn2_to_k"
KEYS = st.sampled_from(
    [DOWN, UP, *(f"lora_unet_{PATH}.{end}" for end in ("lora_down.weight", "lora_up.weight", "alpha"))]
)
ODD = st.sampled_from([0, 1, 2, 768, 1280, -1, 2**31, 2**64, 1.5, True, None, "2", [], math.nan, math.inf])
RIGHT = st.sampled_from([[2, 768], [1280, 2], [768, 2], [2, 768, 1, 1], []])
ENTRIES = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["F32", "F16", "BF16", "F64", "I64", "BOOL", "F8_E4M3", "f32", 7, None]),
        "shape": RIGHT | st.lists(ODD, max_size=4) | ODD,
        "data_offsets": st.lists(ODD | st.integers(0, 12_000), max_size=3) | ODD,
    }
)


@given(
    entries=st.dictionaries(KEYS | st.text(max_size=8), ENTRIES | ODD, max_size=5),
    said=st.none() | ODD | st.dictionaries(st.text(max_size=5), st.text(max_size=5) | ODD, max_size=3),
    tail=st.integers(0, 12_000),
)
@settings(max_examples=200)
def test_any_header_at_all_is_read_or_refused(entries: Any, said: Any, tail: int, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "header.safetensors"
    write_raw(path, entries | ({} if said is None else {"__metadata__": said}), b"\x3c" * tail)
    with suppress(AdapterRefused):
        assert read(path).modules


@given(dtypes=st.tuples(*[st.sampled_from(["F32", "F16", "BF16"])] * 2), value=st.binary(min_size=4, max_size=4))
@settings(max_examples=60)
def test_what_is_read_is_finite_in_every_precision(dtypes: tuple[str, str], value: bytes, tmp_path_factory) -> None:
    """One number of the first factor is any bits at all."""
    path = tmp_path_factory.getbasetemp() / "numbers.safetensors"
    sizes = [SIZES[dtype] * count for dtype, count in zip(dtypes, (2 * 768, 1280 * 2), strict=True)]
    ends = [(0, sizes[0]), (sizes[0], sum(sizes))]
    header = {
        key: {"dtype": dtype, "shape": shape, "data_offsets": span}
        for key, dtype, shape, span in zip((DOWN, UP), dtypes, ([2, 768], [1280, 2]), ends, strict=True)
    }
    write_raw(path, header, value[-SIZES[dtypes[0]] :] + bytes(sum(sizes) - SIZES[dtypes[0]]))
    bits = int.from_bytes(value[-SIZES[dtypes[0]] :], "little")
    exponent = {"F32": 0x7F800000, "F16": 0x7C00, "BF16": 0x7F80}[dtypes[0]]
    if bits & exponent == exponent:
        assert "NaN or infinite" in refused(path)
    else:
        assert np.isfinite(read(path).modules[0].down).all()


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16"])
@pytest.mark.parametrize("bits", ["7f800000", "ff800000", "7fc00000", "7f800001"], ids=["inf", "-inf", "NaN", "sNaN"])
def test_no_precision_hides_what_is_no_number(dtype: str, bits: str, tmp_path) -> None:
    whole = {"F32": bits, "BF16": bits[:4] if bits != "7f800001" else "7f81", "F16": "7c01"}[dtype]
    word = bytes.fromhex(whole)[::-1]
    length = SIZES[dtype] * 2 * 768
    header = {
        DOWN: {"dtype": dtype, "shape": [2, 768], "data_offsets": [0, length]},
        UP: {"dtype": "F32", "shape": [1280, 2], "data_offsets": [length, length + 10_240]},
    }
    path = write_raw(tmp_path / "miku.safetensors", header, bytes(length - len(word)) + word + bytes(10_240))
    assert "NaN or infinite" in refused(path)


def test_what_is_no_file_is_refused(tmp_path) -> None:
    assert "not a file" in refused(tmp_path / "nowhere.safetensors")
    with pytest.raises(AdapterRefused, match="cannot be read"):
        read(tmp_path / ("a" * 300))
