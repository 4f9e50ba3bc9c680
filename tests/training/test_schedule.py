"""The learning rate: climbs, holds or falls, as diffusers' schedules do."""

import pytest

from animegen.training.adapter_recipe import OptimizerSettings
from animegen.training.schedule import rate, stages, warmup_steps

NAMES = ["constant", "linear", "cosine", "cosine_with_restarts"]


def settings(schedule: str, warmup: float, restarts: int = 1) -> OptimizerSettings:
    return OptimizerSettings(schedule=schedule, warmup=warmup, restarts=restarts)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_step_is_not_lost_and_the_last_of_the_warm_up_is_at_the_peak(name: str) -> None:
    assert [rate(settings(name, 4), step, 20) for step in range(4)] == [0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize("name", NAMES)
def test_the_rate_stays_between_0_and_its_peak(name: str) -> None:
    assert all(0 <= rate(settings(name, 0.25, restarts=3), step, 50) <= 1 for step in range(60))


def test_a_constant_rate_does_not_fall() -> None:
    assert {rate(settings("constant", 0), step, 10) for step in range(12)} == {1.0}


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_falling_rate_is_0_once_the_run_is_over(name: str) -> None:
    assert rate(settings(name, 3), 10, 10) == 0


def test_restarts_bring_the_rate_back_to_its_peak() -> None:
    again = settings("cosine_with_restarts", 0, restarts=2)
    assert rate(again, 10, 20) == 1
    assert rate(again, 9, 20) < 0.1


@pytest.mark.parametrize("name", NAMES[1:])
def test_after_warm_up_the_rate_is_that_of_diffusers(name: str) -> None:
    import torch
    from diffusers.optimization import get_scheduler

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    cycles = 3 if name == "cosine_with_restarts" else 1
    theirs = get_scheduler(name, optimizer, num_warmup_steps=5, num_training_steps=40, num_cycles=cycles)
    (of_step,) = theirs.lr_lambdas
    ours = settings(name, 5, restarts=cycles)
    assert [rate(ours, step, 40) for step in range(5, 41)] == pytest.approx([of_step(step) for step in range(5, 41)])


def test_a_share_of_all_steps_is_rounded_up_and_a_whole_number_is_steps() -> None:
    assert warmup_steps(settings("linear", 0.1), 101) == 11
    assert warmup_steps(settings("linear", 7), 101) == 7


def test_a_recipe_that_says_one_warm_up_step_does_not_mean_the_whole_run() -> None:
    assert warmup_steps(settings("linear", 1), 100) == 1


def test_the_stages_are_the_start_the_end_of_warm_up_the_quarters_and_the_end() -> None:
    assert stages(settings("linear", 10), 100) == (0, 10, 25, 50, 75, 99)
    assert stages(settings("linear", 10), 1) == (0,)
