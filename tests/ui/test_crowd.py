"""Many at once: everyone gets their own picture or is asked to come back."""

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.ui.conftest import PATIENCE, Served

CROWD = 100


def drawn(served: Served, seed: int) -> int | None:
    """Ask for a picture of one seed as a script would; return the seed that came back, None when asked to come back."""
    base = f"{served.url}/gradio_api/call"
    answer = httpx.post(
        f"{base}/v2/text_to_image", json={"prompt": "1girl", "steps": 1, "seed": seed}, timeout=PATIENCE
    )
    if answer.status_code == 503:
        return None
    assert answer.status_code == 200
    events = httpx.get(f"{base}/text_to_image/{answer.json()['event_id']}", timeout=PATIENCE).text
    _, _, details = json.loads(events.strip().rpartition("data: ")[2])
    (came,) = details["seeds"]
    return int(came)


@pytest.mark.slow
def test_a_crowd_gets_its_own_pictures_or_is_asked_to_come_back(served: Served) -> None:
    with ThreadPoolExecutor(CROWD) as crowd:
        answers = list(crowd.map(lambda seed: drawn(served, seed), range(CROWD)))
    assert {answer for seed, answer in enumerate(answers) if answer != seed} <= {None}
    assert any(answer is not None for answer in answers)
