"""Where crafts meet: a studio draws, evaluation reads; any model, any LoRA."""
