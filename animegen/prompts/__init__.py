"""Prompts: what the user typed and chose, written as the model reads it; the tables of all choices; content rules."""
