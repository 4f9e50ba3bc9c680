"""Which layers a Stable Diffusion has, by name and shape, from the configs that diffusers and transformers keep.

Only what a LoRA can be put on: linear layers (out, in) and convolutions (out, in, height, width). The names are
the dotted paths of ``UNet2DConditionModel`` and of ``CLIPTextModel``, the latter without ``text_model.``, as
transformers 5 has them. No network is built, so this needs no torch.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Shape = tuple[int, ...]
Layers = Mapping[str, Shape]
Config = Mapping[str, Any]
Named = Iterator[tuple[str, Shape]]


def unet_layers(config: Config) -> Layers:
    """Return the layers of the ``UNet2DConditionModel`` with this config."""
    return dict(_unet(config))


def text_encoder_layers(config: Config) -> Layers:
    """Return the layers of the ``CLIPTextModel`` with this config."""
    width, inner = config["hidden_size"], config["intermediate_size"]
    layers: dict[str, Shape] = {}
    for number in range(config["num_hidden_layers"]):
        block = f"encoder.layers.{number}"
        layers |= {f"{block}.self_attn.{name}_proj": (width, width) for name in ("q", "k", "v", "out")}
        layers |= {f"{block}.mlp.fc1": (inner, width), f"{block}.mlp.fc2": (width, inner)}
    return layers


def _unet(config: Config) -> Named:
    channels = tuple(config["block_out_channels"])
    time = 4 * channels[0]
    yield "conv_in", (channels[0], config["in_channels"], 3, 3)
    yield from _embedding("time_embedding", channels[0], time)
    if config.get("projection_class_embeddings_input_dim"):
        yield from _embedding("add_embedding", config["projection_class_embeddings_input_dim"], time)
    yield from _down_blocks(config, channels)
    yield from _resnet("mid_block.resnets.0", channels[-1], channels[-1], time)
    yield from _attention("mid_block.attentions.0", channels[-1], _depths(config)[-1], config)
    yield from _resnet("mid_block.resnets.1", channels[-1], channels[-1], time)
    yield from _up_blocks(config, channels)
    yield "conv_out", (config["out_channels"], channels[0], 3, 3)


def _embedding(name: str, width: int, time: int) -> Named:
    yield f"{name}.linear_1", (time, width)
    yield f"{name}.linear_2", (time, time)


def _down_blocks(config: Config, channels: Shape) -> Named:
    before = channels[0]
    for number, (kind, width) in enumerate(zip(config["down_block_types"], channels, strict=True)):
        block = f"down_blocks.{number}"
        for layer in range(config["layers_per_block"]):
            yield from _resnet(f"{block}.resnets.{layer}", before, width, 4 * channels[0])
            before = width
            if kind.startswith("CrossAttn"):
                yield from _attention(f"{block}.attentions.{layer}", width, _depths(config)[number], config)
        if number < len(channels) - 1:
            yield f"{block}.downsamplers.0.conv", (width, width, 3, 3)


def _up_blocks(config: Config, channels: Shape) -> Named:
    widths, last = channels[::-1], len(channels) - 1
    before = widths[0]
    for number, (kind, width) in enumerate(zip(config["up_block_types"], widths, strict=True)):
        block = f"up_blocks.{number}"
        for layer in range(config["layers_per_block"] + 1):
            skipped = widths[min(number + 1, last)] if layer == config["layers_per_block"] else width
            yield from _resnet(f"{block}.resnets.{layer}", before + skipped, width, 4 * channels[0])
            before = width
            if kind.startswith("CrossAttn"):
                yield from _attention(f"{block}.attentions.{layer}", width, _depths(config)[last - number], config)
        if number < last:
            yield f"{block}.upsamplers.0.conv", (width, width, 3, 3)


def _resnet(name: str, before: int, width: int, time: int) -> Named:
    yield f"{name}.conv1", (width, before, 3, 3)
    yield f"{name}.time_emb_proj", (width, time)
    yield f"{name}.conv2", (width, width, 3, 3)
    if before != width:
        yield f"{name}.conv_shortcut", (width, before, 1, 1)


def _attention(name: str, width: int, depth: int, config: Config) -> Named:
    square = (width, width) if config["use_linear_projection"] else (width, width, 1, 1)
    yield f"{name}.proj_in", square
    for number in range(depth):
        block = f"{name}.transformer_blocks.{number}"
        for attention, read in (("attn1", width), ("attn2", config["cross_attention_dim"])):
            yield f"{block}.{attention}.to_q", (width, width)
            yield f"{block}.{attention}.to_k", (width, read)
            yield f"{block}.{attention}.to_v", (width, read)
            yield f"{block}.{attention}.to_out.0", (width, width)
        yield f"{block}.ff.net.0.proj", (8 * width, width)
        yield f"{block}.ff.net.2", (width, 4 * width)
    yield f"{name}.proj_out", square


def _depths(config: Config) -> tuple[int, ...]:
    """Return how many transformer blocks an attention has, by level; configs say one number where all have as many."""
    said = config.get("transformer_layers_per_block", 1)
    return (said,) * len(config["block_out_channels"]) if isinstance(said, int) else tuple(said)
