"""Every sentence for people, in English and Japanese, by id: what errors, notes and progress carry until it is shown.

A sentence is made once, where it is shown; none is ever parsed. The tables are the TOML files of this folder: the id of
a sentence is the name of its file and its key, ``tasks.empty_prompt``. Names in braces are filled in by values.
"""

from animegen.messages.message import Message, Text, message
from animegen.messages.tables import LANGUAGES, Language, render, table

__all__ = ["LANGUAGES", "Language", "Message", "Text", "message", "render", "table"]
