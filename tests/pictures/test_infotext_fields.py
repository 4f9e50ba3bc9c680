"""Every field that a picture's settings carry, whatever its value, is read back equal."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from animegen.pictures.infotext import read, to_request, write
from animegen.prompts.names import TABLES
from animegen.tasks import TASKS, Lora, Task, fields
from animegen.tasks.kinds import Choice, Flag, Integer, Kind, Name, Names, Number

WORDS = st.text(max_size=60).filter(str.strip)
PICTURE = Image.new("RGB", (64, 96), "pink")
SAMPLERS = ("Euler a", "DPM++ 2M", "DPM++ 2M Karras", "DPM++ SDE Karras", "DDIM", "LCM")
OUTPUT = {"count", "film", "frame_rate", "ping_pong", "character"}
"""Fields that say how many pictures there are and what is made of them, which a single picture does not carry."""


def values(kind: Kind) -> st.SearchStrategy[Any]:
    """Return the values that a kind of field takes when it is set."""
    match kind:
        case Integer():
            return st.integers(kind.low, kind.high)
        case Number():
            return st.floats(kind.low, kind.high).filter(lambda value: value or not kind.unset)
        case Choice() | Name():
            return st.sampled_from(kind.names if isinstance(kind, Choice) else [*TABLES[kind.table]()])
        case Names():
            names = st.sampled_from([*TABLES[kind.table]()])
            return st.lists(names, min_size=1, max_size=kind.most, unique=True).map(tuple)
        case Flag():
            return st.booleans()
    return WORDS


SPECIAL = {
    "image": st.just(PICTURE),
    "loras": st.just(()) | st.builds(lambda weight: (Lora("ink", weight),), st.floats(0, 2)),
    "sampler": st.sampled_from(SAMPLERS),
}


@st.composite
def requests(draw: st.DrawFn, task: type[Task]) -> Task:
    """Draw a request of one picture in which everything is set."""
    drawn = (each for each in fields(task) if each.name not in OUTPUT)
    found = {each.name: draw(SPECIAL[each.name] if each.name in SPECIAL else values(each.kind)) for each in drawn}
    for low, high in (("low_threshold", "high_threshold"), ("frame", "frames")):
        if low in found:
            found[low] = min(found[low], found[high])
    if "start" in found:
        found["start"], found["end"] = found["start"] / 2, found["start"] / 2 + 0.5
    if "from_emotion" in found:
        found["to_emotion"] = tuple(reversed(found["from_emotion"]))
    return task(**found)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@settings(max_examples=40)
@given(data=st.data())
def test_any_request_is_read_back_equal(task: type[Task], data: st.DataObject) -> None:
    request = data.draw(requests(task))
    assert to_request(read(write(request, "chibi")), source=PICTURE, samplers=SAMPLERS) == (request, ())
