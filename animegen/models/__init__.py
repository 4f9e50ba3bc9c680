"""The models: which there are, on what they run, and their parts loaded once."""
