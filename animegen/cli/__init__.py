"""The command line: the page's verbs, one sentence for every error, nothing heavy loaded before there is work."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from animegen.studio.protocol import StudioProtocol


def main(arguments: Sequence[str] | None = None, open_studio: "Callable[[], StudioProtocol] | None" = None) -> None:
    """Run one command and leave the process; without ``open_studio`` with the model that the settings name.

    Exit codes: 0 done, 1 an error that the sentence on stderr explains, 2 a wrong command or option,
    130 stopped by Ctrl-C, also while the verbs are imported.
    """
    try:
        from animegen.errors import one_sentence

        with one_sentence():
            from animegen.cli.studio import load
            from animegen.cli.terminal import replace_letters
            from animegen.cli.verbs import app

            replace_letters()
            app(arguments, prog_name="animegen", obj=open_studio or load)
    except KeyboardInterrupt:  # before there is anything that leaves
        sys.exit(130)
