"""A pipeline is a model's parts and one loop: words encoded, noise removed step by step, latents decoded."""
