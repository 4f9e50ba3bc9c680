import gradio as gr

from animegen.ui import visit


def test_the_newest_pictures_stand_in_front() -> None:
    assert visit.remember([("c", None)], [("b", None), ("a", None)]) == [("c", None), ("b", None), ("a", None)]


def test_the_gallery_does_not_grow_without_end() -> None:
    many = [(str(number), None) for number in range(visit.KEPT)]
    assert visit.remember([("new", None)], many) == [("new", None), *many[:-1]]


def test_a_clicked_picture_is_shown_from_its_own_file(visitor: gr.Request) -> None:
    chosen = gr.SelectData(None, {"index": 1, "value": None})
    assert visit.show_again([("a", None), ("b", None)], chosen, visitor) == "b"
