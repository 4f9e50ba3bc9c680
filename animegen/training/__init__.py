"""Training: recipe, losses, loop and checkpoints; it is handed what to train and imports no pipeline."""
