"""Samplers and schedules by the names that other programs give them, as A1111 names them."""

import re
from collections.abc import Mapping
from typing import Final

AUTOMATIC: Final[Mapping[str, str]] = {"DPM++ 2M": "Karras", "DPM++ SDE": "Karras", "DPM++ 2M SDE": "Exponential"}
"""What A1111's schedule "Automatic" is for the samplers where it is not the plain one."""
SCHEDULES: Final[Mapping[str, str]] = {
    "karras": "Karras",
    "k": "Karras",  # InvokeAI's ending
    "exponential": "Exponential",
    "beta": "Beta",
    "sgm uniform": "SGM Uniform",
    "simple": "Simple",
    "uniform": "",
    "normal": "",
}
"""Schedules in small letters; the plain one has no name."""
SAMPLERS: Final[Mapping[str, str]] = {
    "euler": "Euler",
    "eulerdiscretescheduler": "Euler",
    "euler a": "Euler a",
    "euler ancestral": "Euler a",
    "eulerancestraldiscretescheduler": "Euler a",
    "dpm++ 2m": "DPM++ 2M",
    "dpmsolvermultistepscheduler": "DPM++ 2M",
    "dpm++ 2m sde": "DPM++ 2M SDE",
    "dpm++ sde": "DPM++ SDE",
    "ddim": "DDIM",
    "ddimscheduler": "DDIM",
    "lcm": "LCM",
    "lcmscheduler": "LCM",
    "heun": "Heun",
    "lms": "LMS",
    "uni pc": "UniPC",
    "unipc": "UniPC",
}
"""Samplers of ComfyUI, InvokeAI, Civitai, Stability's programs and diffusers, in small letters."""


def known_as(sampler: str, schedule: str = "") -> tuple[str, str]:
    """Return A1111's names of a sampler and its schedule, the plain schedule empty; unknown names as they are."""
    words = _plain(sampler).removeprefix("k ").removesuffix(" gpu").replace("dpmpp", "dpm++")
    ending = next((end for end in SCHEDULES if words.endswith(f" {end}")), "")
    name = SAMPLERS.get(words.removesuffix(f" {ending}") if ending else words, "")
    if not name:
        name, ending = sampler, ""
    schedule = AUTOMATIC.get(name, "") if _plain(schedule) == "automatic" else schedule
    return name, SCHEDULES.get(ending) or SCHEDULES.get(_plain(schedule), schedule)


def _plain(name: str) -> str:
    """Return a name in small letters with single spaces between its words."""
    return re.sub(r"[\s_-]+", " ", name[:100]).strip().lower()
