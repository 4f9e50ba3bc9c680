"""Where crafts meet: the studio draws, evaluation and training are handed what they need."""
