"""Training: recipe, objectives, losses, loop and checkpoints; it is given what to train and imports no pipeline."""
