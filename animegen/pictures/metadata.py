"""Where files of pictures keep their settings: written as A1111 does, read from whoever writes alike.

PNG: a text chunk. JPEG and WebP: the EXIF user comment, which says its own encoding. GIF: the comment. Settings may
hide in the alpha channel too. JSON of Spaces and of Civitai is read; what other programs keep in a form of their own
is named and not guessed.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import Final

from PIL import ExifTags, Image, TiffTags
from PIL.PngImagePlugin import PngInfo, iTXt

from animegen.errors import InvalidRequest
from animegen.pictures.infotext import hidden, read, rewritten
from animegen.pictures.pillow import DAMAGED, quiet

KEY: Final = "parameters"
COMFYUI: Final = "ComfyUI"
STRANGERS: Final[Mapping[str, tuple[str, ...]]] = {
    "NovelAI": ('"Software": NovelAI', '"Software": "NovelAI'),
    "InvokeAI": ('"Dream": ', '"invokeai_metadata"', '"invokeai_graph"', '"invokeai_workflow"', '"sd-metadata"'),
    "SwarmUI": ('"sui_image_params"',),
    "Fooocus": ('"Fooocus v',),
    COMFYUI: ('"workflow"', '"prompt"', '"class_type"'),
}
"""Programs whose settings nobody here reads, and what tells them; the first that is found names them."""
TELLING: Final = ("Software", "Dream")
"""Keys whose text tells of a program though it is no JSON."""
UNICODE: Final = b"UNICODE\0"
CODES: Final = (UNICODE, b"ASCII\0\0\0", b"\0" * 8)
"""What a user comment may begin with to say its encoding (Exif 2.32, 4.6.5); much software says another one."""
COMMENTS: Final = ("UserComment", "comment")


def chunk(text: str) -> PngInfo:
    """Return the chunk in which PNG files carry settings."""
    info = PngInfo()
    info.add_text(KEY, _international(text))
    return info


def _international(text: str) -> str:
    """Return a text that becomes a chunk of UTF-8 unless it is plain; many write UTF-8 into the other kind too."""
    return text if text.isascii() else iTXt(text)


def exif(text: str) -> bytes:
    """Return the data in which JPEG and WebP files carry settings: a directory with one in it that has the comment.

    Exif 2.32 wants a user comment of the type UNDEFINED, and A1111 reads no other; Pillow would write BYTE.
    """
    comment = UNICODE + text.encode("utf-16-be")
    root = struct.pack(">HHHLLL", 1, ExifTags.IFD.Exif, TiffTags.LONG, 1, 26, 0)
    inner = struct.pack(">HHHLLL", 1, ExifTags.Base.UserComment, TiffTags.UNDEFINED, len(comment), 44, 0)
    return b"Exif\0\0MM" + struct.pack(">HL", 42, 8) + root + inner + comment


def with_parameters(image: Image.Image, text: str) -> Image.Image:
    """Return a copy whose ``info`` holds the settings and nothing else, as a PNG writer takes them."""
    marked = image.copy()
    marked.info = {KEY: _international(text)}
    return marked


def parameters(image: Image.Image) -> str | None:
    """Return the settings that an opened picture carries, None where it carries none.

    A PNG's chunk holds settings whatever it says, a comment only where it has their pairs; JSON that is understood
    comes in A1111's form. Raises InvalidRequest when they are another program's and not understood, or far too long.
    """
    texts = dict(_texts(image))
    found = texts.get(KEY, "")
    if found.strip() and not _is_data(found):
        return found
    if commented := next((texts[key] for key in COMMENTS if key in texts and read(texts[key]).pairs), None):
        return commented
    evidence = "\n".join(f'"{key}": {text}' for key, text in texts.items() if _is_data(text) or key in TELLING)
    program = next((name for name, signs in STRANGERS.items() if any(sign in evidence for sign in signs)), "")
    data = (text for text in texts.values() if _is_data(text))
    if program in ("", COMFYUI) and (understood := next(filter(None, map(rewritten, data)), "")):
        return understood
    if program or found.strip():
        if program:
            raise InvalidRequest("pictures.foreign_settings", program=program)
        raise InvalidRequest("pictures.unknown_settings")
    return None


def _texts(image: Image.Image) -> Iterator[tuple[str, str]]:
    """Yield every text of a picture's file by its key; those of EXIF by the names of their tags."""
    if secret := hidden(image):
        yield KEY, secret
    for key, value in image.info.items():
        if isinstance(value, str):
            yield str(key), value if isinstance(value, iTXt) else _utf8(value)
    if isinstance(comment := image.info.get("comment"), bytes):
        yield "comment", comment.decode("utf-8", "replace")
    try:
        with quiet():
            tags = image.getexif()
            inner = tags.get_ifd(ExifTags.IFD.Exif)
    except DAMAGED:  # a damaged directory holds no settings
        return
    yield "UserComment", _decoded(inner.get(ExifTags.Base.UserComment) or tags.get(ExifTags.Base.UserComment))
    if software := tags.get(ExifTags.Base.Software):
        yield "Software", str(software)
    for tag in (ExifTags.Base.Make, ExifTags.Base.Model):  # where ComfyUI's WebP has a key and its JSON
        key, _, value = str(tags.get(tag, "")).partition(":")
        yield key, value


def _utf8(text: str) -> str:
    """Return a text of Latin-1 as UTF-8 where its bytes are valid as that: many programs write it so."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _decoded(comment: object) -> str:
    """Return a user comment in the encoding in which it holds settings or data, empty where it does in none.

    A1111 writes UTF-16 with the high byte first, whatever the file's own order; others do as the file does.
    """
    data = comment.encode("latin-1", "replace") if isinstance(comment, str) else comment
    if not isinstance(data, bytes):
        return ""
    body = next((data.removeprefix(code) for code in CODES if data.startswith(code)), data)
    texts = (body.decode(name, "replace").strip("\ufeff\0") for name in ("utf-16-be", "utf-16-le", "utf-8"))
    return next((text for text in texts if "Steps: " in text or _is_data(text)), "")


def _is_data(text: str) -> bool:
    """Say whether a text is JSON from its looks; it may be too large to be read for that alone."""
    return text.lstrip()[:1] in ("{", "[") and text.rstrip()[-1:] in ("}", "]")
