"""The command line: the page's verbs, one sentence for every error, nothing heavy loaded before there is work."""

import sys
from collections.abc import Callable, Sequence

from animegen.cli.studio import Studio, load
from animegen.cli.verbs import app
from animegen.errors import AnimegenError


def main(arguments: Sequence[str] | None = None, open_studio: Callable[[], Studio] = load) -> None:
    """Run one command and leave the process.

    Exit codes: 0 done, 1 an error that the sentence on stderr explains, 2 a wrong command or option,
    130 stopped by Ctrl-C.
    """
    try:
        app(arguments, prog_name="animegen", obj=open_studio)
    except AnimegenError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
