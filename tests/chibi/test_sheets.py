"""Contact sheets: what the artist draws, unchosen, to be looked at."""

from animegen.chibi.artist import draw
from animegen.chibi.build import sheets
from animegen.chibi.character import VOCABULARY, characters


def test_a_sheet_of_faces_has_a_row_for_the_neutral_face_and_for_each_emotion() -> None:
    assert sheets.faces(count=2, size=64).size == (2 * 64, 64 * (1 + len(VOCABULARY["emotion"])))


def test_a_sheet_of_marks_begins_with_characters_that_have_none() -> None:
    sheet = sheets.marks(seed=3, count=1, size=64)
    (person,) = characters("train", 3, 1)
    rows = [sheet.crop((0, y * 64, 64, y * 64 + 64)).tobytes() for y in range(len(VOCABULARY["marks"]))]
    assert rows[VOCABULARY["marks"].index(person.marks)] == draw(person, 64).tobytes()
    assert len(set(rows)) == len(rows)
