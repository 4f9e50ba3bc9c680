"""What the terminal shows of a running process: this package's log from INFO on, its lines as they are."""

import logging
import sys


class _Terminal(logging.Handler):
    """Writes to whatever ``sys.stderr`` is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            print(self.format(record), file=sys.stderr, flush=True)
        except OSError:
            self.handleError(record)


def log_to_terminal() -> None:
    """Let the log of this package appear on stderr; libraries' warnings do by themselves."""
    log = logging.getLogger("animegen")
    log.setLevel(logging.INFO)
    if not log.handlers:
        log.addHandler(_Terminal())
