"""chibi, the embedded model: a small Stable Diffusion made from nothing by this repository."""
