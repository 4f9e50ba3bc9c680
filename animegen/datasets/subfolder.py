"""A sub-folder of pictures with captions beside them, as the layouts kohya and folders have them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from animegen.datasets.dataset import Fault, Ignored, Sample
from animegen.datasets.files import CAPTIONS, ORIGIN, PICTURES, leaves, not_used, read_lines, read_sample
from animegen.messages import message

Found = Sample | Ignored | Fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Subfolder:
    """A folder whose pictures share words and repeats; ``root`` is the data folder that they must not leave."""

    root: Path
    path: Path
    words: str
    repeats: int

    def read(self) -> Iterator[Found]:
        """Yield a sample for each picture directly inside, and all else that lies there with the reason."""
        if leaves(self.path, self.root):
            yield Fault(path=self.path, reason=message("datasets.leaves_folder"))
            return
        files = sorted(self.path.iterdir())
        pictures, captions = _by_stem(files, PICTURES), _by_stem(files, CAPTIONS)
        if not pictures:
            yield Ignored(path=self.path, reason=message("datasets.empty_folder"))
        for stem, paths in pictures.items():
            if len(paths) > 1:
                yield from (Fault(path=path, reason=message("datasets.same_name")) for path in paths)
            else:
                yield from self._picture(paths[0], captions.get(stem, []))
        for stem in captions.keys() - pictures.keys():
            yield from (Ignored(path=path, reason=message("datasets.caption_alone")) for path in captions[stem])
        others = [path for path in files if path.suffix.lower() not in (*PICTURES, *CAPTIONS)]
        yield from (not_used(path) for path in others if path.suffix.lower() != ORIGIN or path.stem not in pictures)

    def _picture(self, path: Path, captions: list[Path]) -> Iterator[Found]:
        """Yield a picture with the first line of the preferred caption; other lines and captions are not used."""
        captions = sorted(captions, key=lambda caption: CAPTIONS.index(caption.suffix.lower()))
        lines = read_lines(captions[0], self.root) if captions else None
        if isinstance(lines, Fault):
            yield lines
            return
        caption = lines[0] if lines else None
        yield read_sample(path, self.root, words=self.words, caption=caption, repeats=self.repeats)
        if lines and any(lines[1:]):
            yield Ignored(path=captions[0], reason=message("datasets.other_lines"))
        for other in captions[1:]:
            yield Ignored(path=other, reason=message("datasets.two_captions", used=captions[0].name))


def _by_stem(files: list[Path], suffixes: tuple[str, ...]) -> dict[str, list[Path]]:
    found = defaultdict(list)
    for path in files:
        if path.suffix.lower() in suffixes:
            found[path.stem].append(path)
    return dict(found)
