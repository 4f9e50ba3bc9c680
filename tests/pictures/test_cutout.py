"""Cutting out: the truth of a drawn disc is known, so its alpha and its colours can be held against it."""

import numpy as np
from PIL import Image, ImageDraw

from animegen.pictures import cutout

BLUE, RED = (164, 203, 245), (200, 40, 40)
DISC = (64, 64, 192, 192)


def disc(*holes: tuple[int, int, int, int], behind: tuple[int, int, int] = BLUE) -> Image.Image:
    """Return a red disc with soft edges; holes show what is behind."""
    page = Image.new("RGB", (1024, 1024), behind)
    pen = ImageDraw.Draw(page)
    pen.ellipse([4 * side for side in DISC], RED)
    for hole in holes:
        pen.rectangle([4 * side for side in hole], behind)
    return page.resize((256, 256), Image.Resampling.BOX)


def test_alpha_is_what_was_drawn() -> None:
    found = cutout.matte(disc())
    mask = Image.new("L", (1024, 1024))
    ImageDraw.Draw(mask).ellipse([4 * side for side in DISC], 255)
    truth = np.asarray(mask.resize((256, 256), Image.Resampling.BOX), float) / 255
    assert found is not None
    assert np.abs(found - truth).max() < 0.05


def test_no_edge_keeps_the_colour_of_the_background() -> None:
    image = disc()
    alpha = cutout.matte(image)
    assert alpha is not None
    layers = np.asarray(cutout.cut(image, alpha), float)
    seen = layers[layers[..., 3] > 0]
    assert np.abs(seen[:, :3] - RED).max() < 30


def test_what_the_character_closes_in_is_background_too_and_a_speck_is_not() -> None:
    alpha = cutout.matte(disc((110, 110, 140, 140), (100, 150, 101, 151)))
    assert alpha is not None
    assert alpha[125, 125] == 0
    assert alpha[150, 100] > 0.2


def test_a_speck_in_a_corner_is_not_taken_for_the_character() -> None:
    image = disc()
    ImageDraw.Draw(image).rectangle((0, 0, 1, 1), RED)
    alpha = cutout.matte(image)
    assert alpha is not None
    assert not alpha[:4, :4].any()


def test_a_background_that_darkens_downwards_is_cut_away_to_its_corners() -> None:
    shade = np.linspace(0, 40, 256)[:, None, None]
    pixels = np.asarray(disc(), float)
    image = Image.fromarray((pixels - shade).clip(0, 255).astype(np.uint8))
    alpha, even = cutout.matte(image), cutout.matte(disc())
    assert alpha is not None
    assert even is not None
    assert np.abs(alpha - even).max() < 0.1


def test_a_picture_without_a_plain_background_is_not_cut() -> None:
    noise = Image.effect_noise((64, 64), 80).convert("RGB")
    assert cutout.matte(noise) is None
    assert [image.mode for image in cutout.sprites([noise, noise], noise)] == ["RGB", "RGB"]


def test_all_sprites_have_the_outline_of_the_neutral_one_and_a_tear_beyond_it_is_added() -> None:
    neutral, sad = disc(), disc()
    ImageDraw.Draw(sad).ellipse((20, 100, 50, 130), (126, 200, 60))
    plain, tearful = (np.asarray(sprite) for sprite in cutout.sprites([neutral, sad], neutral))
    assert (tearful[..., 3] >= plain[..., 3]).all()
    assert (plain[115, 35, 3], tearful[115, 35, 3]) == (0, 255)


def test_a_spot_of_the_backgrounds_colour_in_one_face_does_not_open_it() -> None:
    neutral, odd = disc(), disc((110, 110, 140, 140))
    (sprite,) = cutout.sprites([odd], neutral)
    assert sprite.getpixel((125, 125)) == (*BLUE, 255)


# Before any background


def redness(image: Image.Image) -> cutout.Floats:
    """Return what a network that finds red things would say."""
    return np.asarray(image, np.float32)[..., 0] / 255


def scene(*marks: tuple[int, int, int, int]) -> Image.Image:
    """Return a red disc with soft edges, and marks as red, before a background that is nowhere plain."""
    down, across = np.mgrid[0:256, 0:256]
    behind = np.stack([0 * down, 128 + 127 * np.sin(down / 9), 128 + 127 * np.cos(across / 11)], axis=2)
    mask = Image.new("L", (1024, 1024))
    ImageDraw.Draw(mask).ellipse([4 * side for side in DISC], 255)
    page = Image.fromarray(behind.astype(np.uint8))
    page.paste((255, 40, 40), mask=mask.resize((256, 256), Image.Resampling.BOX))
    for mark in marks:
        ImageDraw.Draw(page).rectangle(mark, (255, 40, 40))
    return page


def test_no_edge_keeps_the_colours_of_a_background_that_is_not_plain() -> None:
    assert cutout.matte(scene()) is None
    (sprite,) = cutout.matted([scene()], scene(), redness)
    layers = np.asarray(sprite, float)
    edges = layers[(layers[..., 3] > 0) & (layers[..., 3] < 255)]
    assert len(edges) > 200
    assert np.abs(edges[:, :3] - (255, 40, 40)).mean() < 8


def test_edges_are_as_soft_as_they_were_found() -> None:
    (sprite,) = cutout.matted([scene()], scene(), redness)
    assert np.array_equal(np.asarray(sprite)[..., 3], np.asarray(scene())[..., 0])


def test_what_stands_out_is_added_and_the_outline_stays_where_nothing_changed() -> None:
    neutral, tear = scene(), scene((20, 100, 50, 130))

    def fickle(image: Image.Image) -> cutout.Floats:
        """Find the disc a little larger in every picture but the neutral one."""
        return redness(image) if image == neutral else redness(image).clip(0.3)

    plain, tearful = (np.asarray(sprite)[..., 3] for sprite in cutout.matted([neutral, tear], neutral, fickle))
    changed = (np.asarray(tear) != np.asarray(neutral)).any(axis=2)
    assert (tearful[changed] == 255).all()
    assert np.array_equal(tearful[~changed], plain[~changed])


def test_a_picture_that_changes_inside_the_outline_alone_is_not_looked_at_again() -> None:
    asked: list[Image.Image] = []
    neutral, smile, tear = scene(), scene(), scene((20, 100, 50, 130))
    ImageDraw.Draw(smile).rectangle((110, 140, 140, 150), (255, 200, 200))
    sprites = list(cutout.matted([neutral, smile, tear], neutral, lambda image: asked.append(image) or redness(image)))
    assert asked == [neutral, tear]
    assert sprites[1].getpixel((125, 145)) == (255, 200, 200, 255)


def test_where_nobody_is_found_the_pictures_stay_as_they_are() -> None:
    assert list(cutout.matted([scene()], scene(), lambda _: None)) == [scene()]
