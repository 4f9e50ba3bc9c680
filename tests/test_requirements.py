"""One list of dependencies: each has a tested version, inside its range, and the Space gets the torch it can have."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ZERO_GPU = ("2.8.0", "2.9.1", "2.10.0", "2.11.0")


def requirements(name: str) -> dict[str, Requirement]:
    """Return the file's requirements by their canonical name."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    listed = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(each.name): each for each in listed}


RANGES, PINS = requirements("requirements.txt"), requirements("constraints.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = sorted(
    {each for extra in PROJECT["optional-dependencies"].values() for each in extra if not each.startswith("animegen")}
)


@pytest.mark.parametrize("name", RANGES)
def test_a_requirement_has_a_range_that_holds_the_version_that_was_tested(name: str) -> None:
    (pin,) = PINS[name].specifier
    assert pin.operator == "=="
    assert {each.operator for each in RANGES[name].specifier} == {">=", "<"}
    assert pin.version in RANGES[name].specifier


@pytest.mark.parametrize("asked", EXTRAS)
def test_what_an_extra_needs_has_a_version_that_was_tested(asked: str) -> None:
    requirement = Requirement(asked)
    (pin,) = PINS[canonicalize_name(requirement.name)].specifier
    assert pin.version in requirement.specifier


@pytest.mark.parametrize("name", PINS)
def test_a_constraint_is_one_exact_version_from_a_registry(name: str) -> None:
    (pin,) = PINS[name].specifier
    assert (pin.operator, PINS[name].url) == ("==", None)


@pytest.mark.parametrize("version", ZERO_GPU)
def test_the_torch_of_a_zero_gpu_space_is_in_range(version: str) -> None:
    assert version in RANGES["torch"].specifier
