"""Settings hidden in the lowest bits of a picture's alpha channel ("stealth PNG info" of A1111 and NovelAI)."""

import zlib
from typing import Final

import numpy as np
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.pictures.infotext.reader import MAX_TEXT

MARKS: Final = (b"stealth_pnginfo", b"stealth_pngcomp")
"""What such settings begin with: plain ones, and those that gzip has packed."""
_GZIP: Final = 31
"""zlib's ``wbits`` for data with the head of gzip."""


def hidden(image: Image.Image) -> str:
    """Return the text that the alpha channel holds, empty where it holds none.

    Its bits run down the columns: a mark, the number of the text's bits in 32, the text. Raises InvalidRequest where
    a packed text is damaged; of one that is too long to be settings only more than their length is unpacked.
    """
    head = len(MARKS[0])
    if image.mode != "RGBA" or image.width * image.height < 8 * (head + 4):
        return ""
    mark, size = (found := _bytes(image, 0, head + 4))[:head], found[head:]
    if mark not in MARKS:
        return ""
    body = _bytes(image, head + 4, int.from_bytes(size) // 8)
    try:
        data = body if mark == MARKS[0] else zlib.decompressobj(_GZIP).decompress(body, 4 * MAX_TEXT)
    except zlib.error as problem:
        raise InvalidRequest("infotext.hidden_damaged") from problem
    return data.decode("utf-8", "replace")


def _bytes(image: Image.Image, start: int, count: int) -> bytes:
    """Return bytes from a place of the bits on; only the columns that hold them are read."""
    columns = min(-(-8 * (start + count) // image.height), image.width)
    alpha = np.asarray(image.crop((0, 0, columns, image.height)).getchannel("A"))
    return np.packbits(alpha.T.reshape(-1)[8 * start : 8 * (start + count)] & 1).tobytes()
