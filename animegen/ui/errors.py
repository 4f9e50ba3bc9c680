"""Errors become sentences here, once for the whole page: gradio shows them, scripts receive them."""

import html
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from animegen.errors import AnimegenError
from animegen.messages import Language, render
from animegen.ui.texts import say

log = logging.getLogger(__name__)


@contextmanager
def show_errors(language: Language) -> Iterator[None]:
    """Turn an exception into one sentence for the visitor; one that is no AnimegenError is logged with its traceback.

    Raises gradio.Error, whose text is escaped, since gradio shows it as HTML.
    """
    try:
        yield
    except AnimegenError as problem:
        raise _error(render(problem.message, language), language) from problem
    except gr.Error:
        raise
    except Exception as problem:
        log.exception("A request failed unexpectedly")
        raise _error(say("unexpected", language), language) from problem


def _error(sentence: str, language: Language) -> gr.Error:
    message = html.escape(sentence, quote=False)
    return gr.Error(message, title=say("error_title", language), print_exception=False)
