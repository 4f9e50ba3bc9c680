from collections.abc import Iterator
from itertools import accumulate, cycle

from animegen.bench.timing import WARM_UP, Comparison, compare


def test_plain_and_ours_are_timed_in_turn_after_a_warm_up() -> None:
    rounds: list[tuple[str, int]] = []
    compare(lambda number: rounds.append(("plain", number)), lambda number: rounds.append(("ours", number)), 3)
    assert rounds == [(who, number) for number in range(-WARM_UP, 3) for who in ("plain", "ours")]


def test_the_seconds_of_a_round_are_those_between_its_two_looks_at_the_clock() -> None:
    def clock() -> Iterator[float]:
        yield from accumulate(cycle([0.0, 3.0, 0.0, 2.0]))

    looks = clock()
    times = compare(lambda _: None, lambda _: None, 4, clock=lambda: next(looks))
    assert (times.plain, times.ours) == ((3.0,) * 4, (2.0,) * 4)
    assert times.ratio == 1.5
    assert times.interval == (1.5, 1.5)


def test_the_interval_holds_the_ratio_and_is_the_same_each_time() -> None:
    times = Comparison(plain=(2.0, 2.2, 1.9, 2.1, 2.0), ours=(1.0, 1.1, 0.9, 1.0, 1.05))
    assert times.interval[0] <= times.ratio <= times.interval[1]
    assert times.interval == times.interval


def test_a_machine_that_disagrees_with_itself_is_not_quiet() -> None:
    assert Comparison(plain=(1.0, 1.0, 1.0, 1.0), ours=(1.0,) * 4).quiet
    assert not Comparison(plain=(1.0, 1.2, 1.0, 1.2), ours=(1.0,) * 4).quiet
