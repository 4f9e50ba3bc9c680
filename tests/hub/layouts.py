"""Repositories laid out as the real ones are, with a few random bytes for each of their networks."""

import random

SD15 = "stable-diffusion-v1-5/stable-diffusion-v1-5"
NEEDED = (
    *("model_index.json", "scheduler/scheduler_config.json"),
    *("tokenizer/merges.txt", "tokenizer/tokenizer_config.json", "tokenizer/vocab.json"),
    *("text_encoder/config.json", "unet/config.json", "vae/config.json"),
)
NETWORKS = {"text_encoder": "model", "unet": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model"}
"""The folders of a base model with weights, and what these are called."""


def weights(*, half: bool) -> list[str]:
    """Return the paths of a base model's weights."""
    return [f"{folder}/{name}{'.fp16' * half}.safetensors" for folder, name in NETWORKS.items()]


def needed(*, half: bool = False) -> set[str]:
    """Return the paths of all that the app needs of a base model."""
    return {*NEEDED, *weights(half=half)}


def base_model(*, full: bool = True, half: bool = True) -> dict[str, bytes]:
    """Return a repository like that of Stable Diffusion 1.5: a model twice over, and much that is not needed."""
    some = random.Random(0)
    files = {path: b'{"of": "%s"}' % path.encode() for path in NEEDED}
    for wanted, variant in ((full, False), (half, True)):
        files |= {path: some.randbytes(3000) for path in weights(half=variant) if wanted}
    pickled = [f"{folder}/{name}.bin" for folder, name in NETWORKS.items()]
    strangers = ("v1-5-pruned.ckpt", "v1-5-pruned.safetensors", "unet/diffusion_pytorch_model.non_ema.safetensors")
    files |= dict.fromkeys((*pickled, *strangers, "safety_checker/pytorch_model.bin"), b"\x80\x02}q\x00.")
    return files | {"README.md": b"# A model\n", ".gitattributes": b"*.safetensors filter=lfs\n"}


def network(*, size: int = 3000) -> dict[str, bytes]:
    """Return a repository of one network."""
    return {"config.json": b"{}", "diffusion_pytorch_model.safetensors": random.Random(1).randbytes(size)}
