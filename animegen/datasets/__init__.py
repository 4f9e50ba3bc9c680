"""Folders of training pictures on paper: read, planned and checked before the first step, without torch."""
