"""What sixty requests draw and say, written down, so that two versions of the source can be held against each other.

    python -m tests.recordings record before.json
    python -m tests.recordings compare before.json after.json

Pictures are recorded by the hash of their pixels, sentences as they stand. Both versions must run on one machine with
the same weights.
"""

import contextlib
import hashlib
import io
import json
import os
import shlex
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from gradio_client import Client, handle_file
from PIL import Image, ImageDraw

REQUESTS = Path(__file__).with_name("recordings.toml")


def sources(folder: Path) -> None:
    """Write the pictures and LoRAs that the requests name."""
    from animegen.lora_files import write_kohya
    from tests.lora_files.making import adapter, bases, places

    sketch = Image.new("L", (256, 256), 255)
    pen = ImageDraw.Draw(sketch)
    pen.ellipse((70, 40, 186, 170), outline=0, width=3)
    pen.ellipse((95, 95, 115, 115), outline=0, width=3)
    pen.ellipse((141, 95, 161, 115), outline=0, width=3)
    pen.arc((110, 120, 146, 150), 20, 160, fill=0, width=3)
    pen.line((80, 170, 50, 250), fill=0, width=3)
    pen.line((176, 170, 206, 250), fill=0, width=3)
    sketch.save(folder / "sketch.png")
    slope = np.linspace(0, 255, 320, dtype=np.uint8)
    photo = np.stack([np.tile(slope, (200, 1)), np.tile(slope[::-1], (200, 1)), np.full((200, 320), 90, np.uint8)], 2)
    Image.fromarray(photo).save(folder / "photo.png")
    chibi = bases()["chibi"]
    for name, part in (("ink", "unet"), ("voice", "text_encoder")):
        at = [place for place in places(chibi) if place[0] == part]
        words = {"modelspec.trigger_phrase": "watercolor"} if name == "ink" else {}
        write_kohya(adapter("chibi", at, rank=2, alpha=0.02), folder / f"{name}.safetensors", words)
    (folder / "broken.safetensors").write_bytes(b"not a LoRA")


def pixels(path: Path) -> str:
    """Return the hash of a picture's frames, or of the bytes of any other file."""
    digest = hashlib.sha256()
    if path.suffix in (".png", ".webp", ".jpg", ".gif"):
        with Image.open(path) as image:
            for frame in range(getattr(image, "n_frames", 1)):
                image.seek(frame)
                digest.update(f"{image.size}{image.mode}".encode() + image.convert("RGBA").tobytes())
    else:
        digest.update(str(path.stat().st_size).encode() if path.suffix == ".zip" else path.read_bytes())
    return digest.hexdigest()[:16]


def settings(path: Path) -> list[str]:
    """Return the settings that a picture carries, pair by pair: their order means nothing."""
    if path.suffix != ".png":
        return []
    with Image.open(path) as image:
        return sorted(str(image.info.get("parameters", "")).replace("\n", ", ").split(", "))


def run_command(words: str, studio: Any, folder: Path) -> dict[str, Any]:
    """Run one command line in this process; ``{}`` in it is the folder of the sources."""
    from animegen.cli import main

    with tempfile.TemporaryDirectory() as out:
        arguments = [word.replace("{}", str(folder)) for word in shlex.split(words)]
        draws = not words.startswith(("prompt ", "picture-info ", "loras", "models", "emotions"))
        arguments += ["--out", out] if draws else []
        printed, told, code = io.StringIO(), io.StringIO(), 0
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
            try:
                main(arguments, lambda: studio)
            except SystemExit as end:
                code = int(end.code or 0)
        files = sorted(path for path in Path(out).rglob("*") if path.is_file())
        return {
            "code": code,
            "out": _plain(printed.getvalue(), out, folder),
            "err": _plain(told.getvalue(), out, folder),
            "files": {str(path.relative_to(out)): pixels(path) for path in files},
            "settings": {str(path.relative_to(out)): settings(path) for path in files if settings(path)},
        }


def _plain(text: str, out: str, folder: Path) -> str:
    return text.replace(out, "OUT").replace(str(folder), "HERE")


def call(name: str, fields: dict[str, Any], client: Client, folder: Path) -> dict[str, Any]:
    """Call an endpoint of the page."""
    image = fields.get("image")
    fields = fields | ({"image": handle_file(str(folder / image))} if image else {})
    try:
        *files, details = client.predict(api_name=f"/{name}", **fields)
    except Exception as problem:  # noqa: BLE001 - what is said is what is recorded
        return {"error": str(problem)}
    details.pop("renpy", None)
    return {"details": details, "picture": pixels(Path(files[0])) if isinstance(files[0], str) else str(files[0])}


@contextlib.contextmanager
def page(studio: Any) -> Iterator[str]:
    from animegen.ui import build, launch_options

    built = build(studio)
    _, url, _ = built.launch(prevent_thread_lock=True, quiet=True, **launch_options(studio))
    try:
        yield url
    finally:
        built.close()


def record(target: Path) -> None:
    """Write down what every request draws and says."""
    from animegen.cli.studio import load

    table = tomllib.loads(REQUESTS.read_text(encoding="utf-8"))
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources(folder)
        os.environ["ANIMEGEN_LORAS"] = str(folder)
        studio: Any = load()
        face = studio.pictures(_face())[0].image
        face.save(folder / "face.png")
        for words in table["commands"]:
            found[words] = run_command(words, studio, folder)
        with page(studio) as url:
            for tongue in ("en", "ja"):
                client = Client(url, verbose=False, headers={"accept-language": tongue}, analytics_enabled=False)
                for each in table["calls"]:
                    if tongue in each.get("in", ["en"]):
                        found[f"{tongue} {each['to']} {each['fields']}"] = call(
                            each["to"], dict(each["fields"]), client, folder
                        )
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    print(len(found), "requests recorded")


def _face() -> Any:
    from animegen.tasks import TextToImage

    return TextToImage(prompt="1girl, blue hair, twintails, glasses", emotion="happy", seed=11, steps=8)


def compare(before: Path, after: Path) -> bool:
    """Print where two recordings differ and say whether pictures do."""
    one, other = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    pictures = True
    for words in one.keys() | other.keys():
        old, new = one.get(words, {}), other.get(words, {})
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                pictures &= key not in ("files", "picture", "code", "settings")
                print(f"{words}\n  {key}\n    - {old.get(key)!r}\n    + {new.get(key)!r}")
    return pictures


if __name__ == "__main__":
    gr.set_static_paths([])
    match sys.argv[1:]:
        case ["record", target]:
            record(Path(target))
        case ["compare", before, after]:
            sys.exit(0 if compare(Path(before), Path(after)) else 1)
        case _:
            sys.exit(__doc__)
