"""Errors become sentences here, once for the whole page: gradio shows them, scripts receive them."""

import html
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from animegen.errors import AnimegenError
from animegen.ui.texts import Language, say, shown

log = logging.getLogger(__name__)


@contextmanager
def sentences(tongue: Language) -> Iterator[None]:
    """Turn what goes wrong inside into one sentence for the visitor; a surprise keeps its traceback in the log.

    Raises gradio.Error, whose text is escaped, since gradio shows it as HTML.
    """
    try:
        yield
    except AnimegenError as problem:
        raise refusal(shown(problem.message, tongue), tongue) from problem
    except gr.Error:
        raise
    except Exception as surprise:
        log.exception("A request failed unexpectedly")
        raise refusal(say("unexpected", tongue), tongue) from surprise


def refusal(sentence: str, tongue: Language) -> gr.Error:
    """Return the error that shows one sentence, and prints nothing to the server's log."""
    message = html.escape(sentence, quote=False)
    return gr.Error(message, title=say("error_title", tongue), print_exception=False)
