"""What asks a run to stop: a signal, a file named `stop` in its folder, or the end of its time."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

STOP_FILE: Final = "stop"
"""Whoever wants a run to stop writes it into the run's folder; the run removes it."""


class Interruption:
    """Says at each step whether a run in ``folder`` is to stop; ``seconds`` is its time, None for no limit."""

    def __init__(self, folder: Path, seconds: float | None) -> None:
        self._file = folder / STOP_FILE
        self._end = None if seconds is None else time.monotonic() + seconds
        self._signalled = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take SIGTERM and the first Ctrl-C as the wish to stop after the step; a second one acts at once."""
        before = {each: signal.signal(each, self._receive) for each in (signal.SIGTERM, signal.SIGINT)}
        self._before = before
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
            self._file.unlink(missing_ok=True)

    def requested(self, seconds_a_step: float = 0.0) -> bool:
        """Say whether the run is to stop now; also where one more step would not end in time."""
        late = self._end is not None and time.monotonic() + seconds_a_step > self._end
        return self._signalled or late or self._file.exists()

    def _receive(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - signal's signature
        self._signalled = True
        signal.signal(number, self._before[signal.Signals(number)])
