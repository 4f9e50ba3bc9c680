"""What the page lays on the disk: the previews of a drawing, which go with it, and all else within a quota."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

import gradio as gr
from gradio.utils import get_upload_folder
from PIL.Image import Image

QUOTA: Final = 2 * 1024**3
"""Bytes that uploads and pictures may take; the oldest go first. gradio itself removes what is older than a day."""
STAY: Final = 10.0
"""Seconds that the previews of a finished drawing stay, for those who are still fetching the last of them."""

_ENDED = "ended"


@contextmanager
def previews() -> Iterator[Callable[[Image], str]]:
    """Give what saves a preview of one drawing and returns its file; STAY after the drawing, ``tidy`` removes them."""
    made: list[Path] = []

    def save(image: Image) -> str:
        if not made:
            _previews().mkdir(parents=True, exist_ok=True)
            made.append(Path(mkdtemp(dir=_previews())))
        made.append(made[0] / f"{len(made)}.png")
        image.save(made[-1])
        return str(made[-1])

    try:
        yield save
    finally:
        if made:
            (made[0] / _ENDED).touch()


def tidy(page: gr.Blocks, now: float) -> None:
    """Remove the previews of finished drawings, and the oldest files of a page beyond QUOTA; ``now`` is a Unix time.

    What the page itself shows, such as the pictures of its pickers, stays.
    """
    for ended in _previews().glob(f"*/{_ENDED}"):
        with suppress(FileNotFoundError):  # another process tidies the same folder
            if now - ended.stat().st_mtime > STAY:
                rmtree(ended.parent)
    _shorten(page)


def _shorten(page: gr.Blocks) -> None:
    shown = set().union(*(getattr(block, "keep_in_cache", ()) for block in page.blocks.values()))
    files: dict[Path, tuple[float, int]] = {}
    for kept in page.temp_file_sets:
        for name in kept - shown:
            try:
                found = Path(name).stat()
                files[Path(name)] = found.st_mtime, found.st_size
            except FileNotFoundError:
                kept.discard(name)
    taken = sum(size for _, size in files.values())
    for path, (_, size) in sorted(files.items(), key=lambda file: file[1]):
        if taken <= QUOTA:
            return
        path.unlink(missing_ok=True)
        taken -= size


def _previews() -> Path:
    return Path(get_upload_folder()) / "previews"
