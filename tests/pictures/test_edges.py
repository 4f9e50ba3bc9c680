"""Edges of any picture, on paper: photographs, sketches, edge maps, and what is none of them."""

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

from animegen.chibi.artist import draw as render
from animegen.chibi.character import characters
from animegen.evaluation.contours import edge_f1
from animegen.models.table import rows
from animegen.pictures import edges
from animegen.studio.source import prepare_edges
from animegen.tasks import Canny

SIZE = 128, 128
PEOPLE = [render(person, 128) for person in characters("validation", 0, 40)]


def page(size: tuple[int, int] = (512, 512), width: int = 4, paper: str = "white", ink: str = "black") -> Image.Image:
    """Return a face as somebody draws it on a sketch pad."""
    picture = Image.new("RGB", size, paper)
    pen, (wide, high) = ImageDraw.Draw(picture), size
    pen.ellipse((wide * 0.2, high * 0.2, wide * 0.8, high * 0.8), outline=ink, width=width)
    pen.line((wide * 0.4, high * 0.65, wide * 0.6, high * 0.65), fill=ink, width=width)
    for left in (0.35, 0.55):
        pen.ellipse((wide * left, high * 0.4, wide * (left + 0.1), high * 0.5), outline=ink, width=width)
    return picture


def lit(picture: Image.Image) -> Image.Image:
    """Return a page as a telephone takes it: grey, darker to one side, with grain."""
    shade = Image.linear_gradient("L").resize(picture.size).point(lambda value: 150 + value // 4)
    grain = Image.effect_noise(picture.size, 12).convert("RGB")
    return ImageChops.blend(ImageChops.multiply(picture, shade.convert("RGB")), grain, 0.06)


def crayon(size: tuple[int, int] = (256, 256)) -> Image.Image:
    """Return a face in five crayons, on paper that is rough, yellowish and darker at its rim."""
    picture = Image.new("RGB", size, "#f8f4e8")
    pen, (wide, high) = ImageDraw.Draw(picture), size
    width = max(1, wide // 64)
    pen.ellipse((wide * 0.25, high * 0.2, wide * 0.75, high * 0.75), outline="#7a4a24", width=width)
    pen.arc((wide * 0.2, high * 0.1, wide * 0.8, high * 0.8), 180, 360, fill="#d83a2e", width=width)
    pen.line((wide * 0.2, high * 0.95, wide * 0.3, high * 0.8, wide * 0.7, high * 0.8), fill="#2f9a48", width=width)
    for left in (0.35, 0.55):
        pen.ellipse((wide * left, high * 0.42, wide * (left + 0.1), high * 0.52), outline="#2b6fd0", width=width)
        pen.line((wide * left, high * 0.2, wide * (left + 0.03), high * 0.35), fill="#e8b51e", width=width)
    return on_paper(picture)


def on_paper(picture: Image.Image) -> Image.Image:
    """Return a drawing with the grain of its paper and the shade towards the rim that a telephone adds."""
    (wide, high), grain = picture.size, np.random.default_rng(0)
    down, right = np.mgrid[0:high, 0:wide]
    shade = 1 - 0.35 * np.hypot(right / wide - 0.5, down / high - 0.45)[..., None]
    pixels = np.asarray(picture) * shade + grain.normal(0, 5, (high, wide, 1))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def notebook(drawing: Image.Image, lean: float = 0, upright: bool = False) -> Image.Image:
    """Return a drawing on a page with pale blue rulings and a red margin, held somewhat askew."""
    paper = Image.new("RGB", drawing.size, "#fbfaf4")
    pen, (wide, high), width = ImageDraw.Draw(paper), drawing.size, max(1, drawing.width // 256)
    for down in range(0, high, 12 * width):
        pen.line((0, down, wide, down + lean * wide), fill="#a9c3e6", width=width)
    pen.line((wide * 0.12, 0, wide * 0.12, high), fill="#e08080", width=width)
    paper = paper.transpose(Image.Transpose.ROTATE_90) if upright else paper
    return on_paper(ImageChops.darker(paper, drawing))


def traced(picture: Image.Image, kind: str = "") -> Image.Image:
    kind = kind or edges.guess(picture)
    return edges.trace(edges.fit(picture, SIZE, kind)[0], kind)


# What a picture is


@pytest.mark.parametrize("number", range(len(PEOPLE)))
def test_a_coloured_drawing_is_a_photo_and_its_edges_are_an_edge_map(number: int) -> None:
    assert edges.guess(PEOPLE[number]) == "photo"
    assert edges.guess(edges.trace(PEOPLE[number], "photo").convert("RGB")) == "edges"


@pytest.mark.parametrize("side", [64, 256, 2000])
@pytest.mark.parametrize("width", [1, 3, 8])
def test_lines_are_told_by_their_paper(side: int, width: int) -> None:
    size = side, side
    assert edges.guess(page(size, width)) == "sketch"
    assert edges.guess(page(size, width, paper="black", ink="white")) == "edges"


@pytest.mark.parametrize("paper", ["#f4efe0", "#c8c8c8", "#fff6f6"])
def test_a_sketch_may_lie_on_paper_that_is_not_quite_white(paper: str) -> None:
    assert edges.guess(page(paper=paper, ink="#444444")) == "sketch"


def test_a_photograph_of_a_sketch_is_a_sketch() -> None:
    assert edges.guess(lit(page(width=6, ink="#333333"))) == "sketch"


@pytest.mark.parametrize("side", [256, 512, 1024])
def test_a_coloured_crayon_drawing_on_paper_is_a_sketch(side: int) -> None:
    assert edges.guess(crayon((side, side))) == "sketch"


def test_a_colouring_that_is_filled_is_a_photo() -> None:
    picture = crayon()
    ImageDraw.Draw(picture).ellipse((80, 70, 170, 180), fill="#d83a2e")
    assert edges.guess(picture) == "photo"


def test_a_grey_photograph_is_none() -> None:
    lamp = ImageChops.add(Image.radial_gradient("L"), Image.effect_noise((256, 256), 40), scale=1.5, offset=-40)
    assert edges.guess(lamp.convert("RGB")) == edges.guess(ImageOps.invert(lamp).convert("RGB")) == "photo"


# What its edges are


def test_a_map_is_white_on_black_and_as_large_as_the_drawing() -> None:
    for picture in (PEOPLE[0], page(), page(paper="black", ink="white")):
        lines = traced(picture)
        assert (lines.mode, lines.size) == ("L", SIZE)
        assert {value for _, value in lines.getcolors() or ()} == {0, 255}
        assert np.mean(np.asarray(lines) > 0) < 0.5


@pytest.mark.parametrize("kind", ["photo", "edges", "sketch"])
def test_a_map_that_was_traced_is_traced_to_itself(kind: str) -> None:
    noise = Image.effect_noise(SIZE, 200).convert("RGB")
    for picture in (PEOPLE[1], page(SIZE, 6), page(SIZE, 20, paper="black", ink="white"), noise):
        once = edges.trace(picture, kind)
        assert edges.trace(once.convert("RGB"), "edges").tobytes() == once.tobytes()


def test_a_sketch_and_its_negative_have_the_same_lines() -> None:
    assert edge_f1(np.asarray(traced(page())), np.asarray(traced(page(paper="black", ink="white")))) > 0.99


def test_the_light_on_a_page_leaves_no_lines() -> None:
    clean, taken = (
        np.asarray(traced(picture, "sketch")) for picture in (page(width=6), lit(page(width=6, ink="#333")))
    )
    assert edge_f1(taken, clean) > 0.95


@pytest.mark.parametrize("side", [512, 1024, 2048])
def test_no_line_is_lost_however_much_smaller_it_is_drawn(side: int) -> None:
    expected = np.asarray(traced(page(SIZE, 1)))
    for colours in ({"paper": "white", "ink": "black"}, {"paper": "black", "ink": "white"}):
        assert edge_f1(np.asarray(traced(page((side, side), 1, **colours))), expected) > 0.95


def test_a_stroke_stays_one_line_and_a_filled_shape_gives_its_rim() -> None:
    picture = page(SIZE, 3)
    ImageDraw.Draw(picture).rectangle((50, 90, 80, 110), fill="black")
    lines = np.asarray(edges.trace(picture, "sketch"))
    assert lines[100, 51] == lines[91, 65] == 255
    assert lines[100, 65] == 0
    assert lines[64, 26] == 255


@pytest.mark.parametrize("column", [160, 92])
def test_a_coloured_stroke_is_followed_once(column: int) -> None:
    once, twice = (
        np.count_nonzero(np.diff(np.asarray(edges.trace(crayon(), kind))[:, column].astype(int)) > 0)
        for kind in ("sketch", "photo")
    )
    assert 0 < once < twice


@pytest.mark.parametrize("colour", ["#d83a2e", "#2b6fd0", "#2f9a48", "#e8b51e", "#7a4a24"])
def test_a_stroke_of_any_colour_is_a_line(colour: str) -> None:
    picture = Image.new("RGB", (128, 128), "#f8f4e8")
    ImageDraw.Draw(picture).line((20, 64, 108, 64), fill=colour, width=3)
    lines = np.asarray(edges.trace(on_paper(picture), "sketch"))
    assert (lines[64, 20:108] == 255).all()
    assert not lines[:60].any()


@pytest.mark.parametrize(
    ("side", "lean", "upright"), [(256, 0, False), (256, 0.03, False), (512, 0.05, False), (1024, 0.02, True)]
)
def test_ruled_lines_and_the_margin_of_a_notebook_are_no_edges(side: int, lean: float, upright: bool) -> None:
    taken = notebook(page((side, side), 3 * side // 256), lean, upright)
    assert edges.guess(taken) == "sketch"
    lines, clean = (
        np.asarray(edges.trace(edges.fit(one, (256, 256), "sketch")[0], "sketch"))
        for one in (taken, page((side, side), 3 * side // 256))
    )
    assert edge_f1(lines, clean) > 0.98


def test_a_few_straight_lines_of_a_drawing_are_kept() -> None:
    picture = page((256, 256), 3)
    for down in (30, 60, 200, 230):
        ImageDraw.Draw(picture).line((10, down, 246, down), fill="#888888", width=2)
    lines = np.asarray(edges.trace(picture, "sketch"))
    assert all((lines[down, 10:240] == 255).all() for down in (30, 60, 200, 230))


def test_the_grain_of_paper_is_no_edge() -> None:
    grain = np.random.default_rng(1).normal(225, 14, (256, 256, 1))
    rough = Image.fromarray(np.repeat(grain, 3, axis=2).clip(0, 255).astype(np.uint8))
    assert np.mean(np.asarray(edges.trace(rough, "sketch")) > 0) < 0.002


def test_lower_thresholds_find_more() -> None:
    found = [np.mean(np.asarray(edges.trace(PEOPLE[2], "photo", low, 2 * low))) for low in (30, 100, 200)]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]


# Whether chibi can draw along them


@pytest.mark.parametrize("picture", [*PEOPLE, page(SIZE, 2), page((512, 512)), crayon()])
def test_lines_of_a_bust_are_not_called_strange(picture: Image.Image) -> None:
    assert edges.is_bust(traced(picture))


def test_lines_everywhere_in_the_corners_alone_or_without_a_face_are_of_no_bust() -> None:
    assert not edges.is_bust(Image.effect_noise(SIZE, 200).point(lambda value: 255 * (value > 128)))
    for box in ((2, 2, 20, 28), (4, 40, 24, 120)):
        lines = Image.new("L", SIZE)
        ImageDraw.Draw(lines).rectangle(box, outline=255)
        assert not edges.is_bust(lines)


@pytest.mark.parametrize("model", ["chibi", "sd15"])
def test_only_chibi_says_that_it_follows_strange_lines_roughly(model: str) -> None:
    scene = Image.new("RGB", (512, 512), "white")
    ImageDraw.Draw(scene).rectangle((20, 300, 90, 480), outline="black", width=4)
    notes = prepare_edges(rows()[model], Canny(image=scene)).notes
    assert (edges.NO_PORTRAIT in notes) is (model == "chibi")
    assert edges.NO_PORTRAIT not in prepare_edges(rows()[model], Canny(image=page())).notes


# Nothing to see


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (3, 2), (64, 64)])
@pytest.mark.parametrize("colour", ["black", "white", "grey", "red"])
@pytest.mark.parametrize("kind", ["", "photo", "edges", "sketch"])
def test_a_picture_of_one_colour_has_no_edges(size: tuple[int, int], colour: str, kind: str) -> None:
    assert edges.blank(traced(Image.new("RGB", size, colour), kind))


def test_a_blank_page_is_not_said_to_be_a_sketch() -> None:
    _, notes = edges.prepare(Canny(image=Image.new("RGB", SIZE, "white")), SIZE)
    assert notes == (edges.NO_EDGES,)


@pytest.mark.parametrize(("scale", "warned"), [(0.8, False), (1.2, False), (1.6, True)])
def test_a_conditioning_scale_that_breaks_faces_is_warned_of(scale: float, warned: bool) -> None:
    _, notes = edges.prepare(Canny(image=page(SIZE), image_kind="sketch", conditioning_scale=scale), SIZE)
    assert (edges.HIGH_SCALE in notes) is warned


def test_a_picture_with_edges_is_not_blank() -> None:
    assert not edges.blank(traced(PEOPLE[0]))


# Other lines


def test_with_a_detector_of_line_art_its_map_is_the_tasks() -> None:
    def half(image: Image.Image) -> Image.Image:
        return Image.new("L", image.size, 128)

    ready, notes = edges.prepare(Canny(image=page()), SIZE, half)
    assert edges.of(ready, half).getextrema() == (128, 128)
    assert edges.TAKEN_FOR["sketch"] not in notes
