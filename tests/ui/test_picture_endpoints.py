"""The endpoints that begin with a picture, over HTTP: what they draw, what they refuse, what they never open."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import ExifTags, Image, ImageDraw

from tests.ui.conftest import PATIENCE, Served


@pytest.fixture
def girl(tmp_path: Path) -> Path:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Artist] = "canary"
    path = tmp_path / "girl.jpg"
    Image.new("RGB", (192, 128), "pink").save(path, exif=exif)
    return path


def sent(served: Served, image: object, name: str = "image_to_image") -> str:
    """Call an endpoint with a raw value for its picture, and return the last event."""
    base = f"{served.url}/gradio_api/call"
    answer = httpx.post(f"{base}/v2/{name}", json={"image": image}, timeout=PATIENCE)
    assert answer.status_code == 200
    events = httpx.get(f"{base}/{name}/{answer.json()['event_id']}", timeout=PATIENCE).text
    return events.strip().rpartition("data: ")[2]


def test_a_picture_is_all_that_a_redrawing_needs(served: Served, client: Client, girl: Path) -> None:
    picture, pictures, details = client.predict(image=handle_file(girl), api_name="/image_to_image")
    assert Path(picture).suffix == ".png"
    assert len(pictures) == 1
    assert (details["width"], details["height"]) == (128, 192)
    assert served.studio.drawn[-1].strength == 0.7


def test_the_result_carries_its_own_settings_and_nothing_of_the_source(client: Client, girl: Path) -> None:
    _, pictures, _ = client.predict(image=handle_file(girl), emotion="angry", strength=0.6, api_name="/image_to_image")
    data = Path(pictures[0]["image"]).read_bytes()
    with Image.open(pictures[0]["image"]) as image:
        assert set(image.info) == {"parameters"}
        assert "Denoising strength: 0.6" in image.info["parameters"]
    assert b"canary" not in data


def test_a_changed_size_is_told(client: Client, tmp_path: Path) -> None:
    Image.new("RGB", (1000, 600), "white").save(tmp_path / "large.png")
    *_, details = client.predict(image=handle_file(tmp_path / "large.png"), api_name="/image_to_image")
    assert details["notes"][0].startswith("The picture was resized from 1000x600 to 320x192 pixels")


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"strength": 1.5}, "Denoising strength: 1.5 is out of range;"),
        ({"strength": "half"}, "Denoising strength: must be a number"),
        ({"count": 17}, "Pictures: 17 is out of range;"),
        ({"width": 100}, "Width: 100 is not possible;"),
        ({"emotion": "hungry"}, "There is no emotion named 'hungry';"),
        ({"image": None}, "Choose a picture first."),
    ],
)
def test_a_bad_value_is_answered_in_a_sentence(
    served: Served, client: Client, girl: Path, bad: dict[str, object], sentence: str
) -> None:
    before = len(served.studio.drawn)
    with pytest.raises(AppError) as refused:
        client.predict(**{"image": handle_file(girl), **bad}, api_name="/image_to_image")
    assert str(refused.value).startswith(sentence)
    assert len(served.studio.drawn) == before


@pytest.mark.parametrize(
    "image",
    [
        {"path": "/etc/hostname"},
        {"path": str(Path(__file__).parents[2] / "docs" / "sheets.webp")},
        {"path": "../../etc/hostname"},
        {"path": "\0"},
        {"path": None},
        {"url": "http://127.0.0.1/x.png"},
        "/etc/hostname",
        7,
        [],
    ],
    ids=str,
)
def test_a_file_of_the_machine_is_never_opened(served: Served, image: object) -> None:
    assert json.loads(sent(served, image))["error"] == "Choose a picture first."


def test_an_address_is_never_fetched(served: Served) -> None:
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/x.png"
    for image in (address, {"path": address}, {"path": address, "meta": {"_type": "gradio.FileData"}}):
        sent(served, image)
    server.shutdown()
    server.server_close()
    assert asked == []


# Edges


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    picture = Image.new("RGB", (192, 128), "white")
    ImageDraw.Draw(picture).ellipse((40, 30, 150, 100), outline="black", width=4)
    picture.save(tmp_path / "sketch.png")
    return tmp_path / "sketch.png"


def test_edges_are_shown_before_anything_is_drawn(served: Served, client: Client, sketch: Path) -> None:
    before = len(served.studio.drawn)
    picture, details = client.predict(image=handle_file(sketch), api_name="/canny_edges")
    with Image.open(picture) as lines:
        assert lines.size == (details["width"], details["height"]) == (192, 128)
        assert lines.convert("L").getextrema() == (0, 255)
        assert lines.convert("L").getpixel((0, 0)) == 0
    assert details["image_kind"] == "sketch"
    assert details["notes"][0].startswith("The picture looks like a sketch")
    assert len(served.studio.drawn) == before


def test_a_drawing_along_edges_tells_what_the_picture_was_taken_for(
    served: Served, client: Client, sketch: Path
) -> None:
    _, pictures, details = client.predict(image=handle_file(sketch), prompt="1girl", api_name="/canny")
    assert (len(pictures), served.studio.drawn[-1].image_kind) == (1, "sketch")
    assert details["notes"][0].startswith("The picture looks like a sketch")
    with Image.open(pictures[0]["image"]) as image:
        assert "Task: canny" in image.info["parameters"]
        assert "Edges of: sketch" in image.info["parameters"]


@pytest.mark.parametrize("name", ["canny", "canny_edges"])
@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"low_threshold": 0}, "Low threshold: 0 is out of range;"),
        ({"low_threshold": 1.5}, "Low threshold: must be a whole number"),
        ({"image_kind": "film"}, "Kind of picture: 'film' is unknown;"),
        ({"width": 100}, "Width: 100 is not possible;"),
        ({"image": None}, "Choose a picture first."),
    ],
)
def test_edges_that_cannot_be_are_answered_in_a_sentence(
    client: Client, sketch: Path, name: str, bad: dict[str, object], sentence: str
) -> None:
    with pytest.raises(AppError) as refused:
        client.predict(**{"image": handle_file(sketch), **bad}, api_name=f"/{name}")
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("name", ["canny", "canny_edges"])
def test_edges_of_a_file_of_the_machine_are_never_shown(served: Served, name: str) -> None:
    assert json.loads(sent(served, {"path": "/etc/hostname"}, name))["error"] == "Choose a picture first."


# Frames


def test_a_path_needs_words_alone_and_is_five_frames_and_a_bar(client: Client) -> None:
    bar, frames, film, details = client.predict(
        prompt="1girl", from_emotion="happy", to_emotion="sad", api_name="/emotion_path"
    )
    assert (len(frames), film, details["seeds"]) == (5, None, [1234] * 5)
    with Image.open(bar) as image:
        assert image.size == (5 * 256, 256)
        assert "Task: emotion_path" in image.info["parameters"]


def test_an_animation_is_a_film_of_a_picture(served: Served, client: Client, girl: Path) -> None:
    _, frames, film, _ = client.predict(image=handle_file(girl), emotions="calm,happy", api_name="/animation")
    assert (len(frames), Path(film).suffix) == (12, ".gif")
    with Image.open(film) as image:
        assert image.size == (128, 192)


@pytest.mark.parametrize("kind", ["webp", "mp4", "zip"])
def test_a_film_may_be_of_another_kind(client: Client, kind: str) -> None:
    *_, film, _ = client.predict(prompt="1girl", frames=2, film=kind, api_name="/emotion_path")
    assert Path(film).suffix == f".{kind}"


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"frames": 33}, "Frames: 33 is out of range;"),
        ({"film": "avi"}, "Film: 'avi' is unknown;"),
        ({"frame_rate": 100}, "Frame rate: 100 is out of range;"),
        ({"ping_pong": "yes"}, "Play forwards and backwards: must be true or false"),
        ({"prompt": ""}, "The prompt is empty;"),
        ({"from_emotion": "bored"}, "There is no emotion named 'bored';"),
    ],
)
def test_a_path_that_cannot_be_is_answered_in_a_sentence(
    served: Served, client: Client, bad: dict[str, object], sentence: str
) -> None:
    before = len(served.studio.drawn)
    with pytest.raises(AppError) as refused:
        client.predict(**{"prompt": "1girl", **bad}, api_name="/emotion_path")
    assert str(refused.value).startswith(sentence)
    assert len(served.studio.drawn) == before


def test_an_animation_without_a_picture_says_so(client: Client) -> None:
    with pytest.raises(AppError, match="Choose a picture first"):
        client.predict(api_name="/animation")


# Sheets


def test_a_sheet_is_a_page_its_sprites_a_zip_and_lines_for_a_game(client: Client) -> None:
    page, sprites, packed, details = client.predict(
        prompt="1girl", emotions="neutral,happy,sad", character="mika", api_name="/expression_sheet"
    )
    assert (len(sprites), Path(packed).name, details["seeds"]) == (3, "mika.zip", [1234] * 3)
    assert 'image mika sad = "images/mika_sad.png"' in details["renpy"]
    with Image.open(page) as image:
        assert "Task: expression_sheet" in image.info["parameters"]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"emotions": "happy,happy"}, "Emotions: choose each only once"),
        ({"emotions": "bored"}, "There is no emotion named 'bored';"),
        ({"character": "../mika"}, "'../mika' is not a valid character name"),
        ({"transparent": "yes"}, "Transparent background: must be true or false"),
        ({"prompt": ""}, "The prompt is empty;"),
    ],
)
def test_a_sheet_that_cannot_be_is_answered_in_a_sentence(
    served: Served, client: Client, bad: dict[str, object], sentence: str
) -> None:
    before = len(served.studio.drawn)
    with pytest.raises(AppError) as refused:
        client.predict(**{"prompt": "1girl", **bad}, api_name="/expression_sheet")
    assert str(refused.value).startswith(sentence)
    assert len(served.studio.drawn) == before
