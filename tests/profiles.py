"""Small colour profiles, built by hand (ICC.1:2022): Display P3, a grey scale, and four inks of odd colours."""

import struct
from collections.abc import Mapping
from itertools import product

D50 = 0.9642, 1.0, 0.8249
P3 = {"rXYZ": (0.51512, 0.24119, -0.00105), "gXYZ": (0.29198, 0.69225, 0.04189), "bXYZ": (0.15710, 0.06657, 0.78407)}
SRGB_CURVE = 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045
PAPER, RED, BLACK = (255, 128, 128), (136, 208, 195), (0, 128, 128)
"""Colours in 8-bit L*a*b*."""


def display_p3() -> bytes:
    tags = {name: _xyz(*place) for name, place in P3.items()}
    return _profile("mntr", "RGB ", "XYZ ", tags | {f"{name}TRC": _curve(*SRGB_CURVE) for name in "rgb"})


def grey(gamma: float) -> bytes:
    return _profile("mntr", "GRAY", "XYZ ", {"kTRC": struct.pack(">4s4xHxxi", b"para", 0, _fixed(gamma))})


def odd_inks() -> bytes:
    """Return the profile of a press whose cyan ink is red, and whose magenta and yellow leave no trace."""
    corners = [BLACK if black else RED if cyan else PAPER for cyan, _, _, black in product((0, 1), repeat=4)]
    straight = bytes(range(256))
    matrix = struct.pack(">9i", *(_fixed(float(at % 4 == 0)) for at in range(9)))
    table = struct.pack(">4s4xBBBx", b"mft1", 4, 3, 2) + matrix
    return _profile("prtr", "CMYK", "Lab ", {"A2B0": table + straight * 4 + bytes(sum(corners, ())) + straight * 3})


def _profile(kind: str, space: str, connection: str, tags: Mapping[str, bytes]) -> bytes:
    tags = {"wtpt": _xyz(*D50), **tags}
    at, index, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        index += struct.pack(">4sII", name.encode(), at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(
        ">I4xI4s4s4s12x4s24xI3i48x", at + len(body), 0x04200000, kind.encode(), space.encode(), connection.encode(),
        b"acsp", 0, *map(_fixed, D50),
    )  # fmt: skip
    return head + struct.pack(">I", len(tags)) + index + body


def _xyz(*values: float) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *map(_fixed, values))


def _curve(*values: float) -> bytes:
    return struct.pack(">4s4xHxx5i", b"para", 3, *map(_fixed, values))


def _fixed(value: float) -> int:
    return round(value * 65536)
