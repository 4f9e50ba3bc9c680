"""Networks in ONNX files, run by onnxruntime on the CPU; such a file holds operations and numbers, and no code."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from animegen.errors import ModelUnavailable
from animegen.messages import Message, message

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def installed() -> bool:
    """Say whether onnxruntime, an optional extra, is installed."""
    return find_spec("onnxruntime") is not None


def open_session(path: Path, damaged: Message) -> "InferenceSession":
    """Return a network ready to be used.

    Raises ModelUnavailable, with the message ``damaged`` where the file is no network.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read at the first import; else it reports to Microsoft
    with onnx_errors(message("models.onnxruntime_not_started")):
        import onnxruntime

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False  # which would keep what the work takes
    with onnx_errors(damaged):
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@contextmanager
def onnx_errors(sentence: Message) -> Iterator[None]:
    """Turn any error of onnxruntime into ModelUnavailable with this message."""
    try:
        yield
    except Exception as problem:  # the library's errors have no other class in common
        raise ModelUnavailable(sentence) from problem
