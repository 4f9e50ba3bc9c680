"""The weights folder: what the workshop made, as fp16 files that diffusers loads, with a record of how."""

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import StableDiffusionPipeline

from animegen import __version__
from animegen.chibi import judge as judging
from animegen.chibi.build import autoencoder, card, judge, networks, text
from animegen.chibi.build.origin import origin
from animegen.chibi.build.workshop import Stage, Workshop, parameters
from animegen.models.controlnet import BASE, FOLDER, weights_hash
from animegen.pipelines import familiarity, preview

SHARD: Final = "9MB"
LIBRARIES: Final = ("torch", "diffusers", "transformers", "skia-python")
PREVIEW_PICTURES: Final = 500


def export(made: Workshop, folder: Path) -> dict[str, Any]:
    """Write weights, preview map, judge, card and record to ``folder``; return the record, measured now."""
    record = describe(made)
    chosen = torch.arange(min(PREVIEW_PICTURES, len(made.generator_renders)))
    colours = preview.fit(made.latents()[chosen], made.generator_renders.pictures(chosen).cpu())
    pipe = StableDiffusionPipeline(
        vae=made.autoencoder.cpu(),
        text_encoder=made.reader.encoder.cpu(),
        tokenizer=made.tokenizer,
        unet=made.unet.cpu(),
        scheduler=networks.scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    for name in ("vae", "text_encoder", "unet", FOLDER):
        for old in (folder / name).glob("*"):
            old.unlink()
    pipe.to(dtype=torch.float16).save_pretrained(folder, max_shard_size=SHARD)
    if made.controlnet is not None:
        made.controlnet.cpu().half().save_pretrained(folder / FOLDER, max_shard_size=SHARD)
        _forget_origin(folder / FOLDER / "config.json")
        record[BASE] = weights_hash(folder / "unet") if Stage.CONTROLNET in made.stages else made.before[BASE]
    for name in ("vae", "unet"):
        _forget_origin(folder / name / "config.json")
    preview.save(colours, folder)
    judging.save(made.judge.cpu(), folder / "judge.safetensors")
    record["origins"] = made.before.get("origins", {}) | {stage: origin(stage, folder) for stage in sorted(made.stages)}
    for verb in ("canny",) if made.stages == {Stage.CONTROLNET} else card.REPORTS:
        card.report_path(folder, verb).unlink(missing_ok=True)  # it is of other weights; an evaluation writes it anew
    if Stage.UNET in made.stages or Stage.AUTOENCODER in made.stages:
        (folder / familiarity.FILE).unlink(missing_ok=True)  # it too is of other weights, and is measured anew
    (folder / "record.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    card.write(folder)
    return record


def _forget_origin(config: Path) -> None:
    """Take out of a config the folder that its weights were loaded from: a path of this machine."""
    known = json.loads(config.read_bytes())
    known.pop("_name_or_path", None)
    config.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def describe(made: Workshop) -> dict[str, Any]:
    """Return what was run and how well each part does on held-out renders and captions.

    A stage's recipes are all those that it was trained by, one after the other. How well texts are read, captions
    and the examination's prompts, is measured when the text encoder is trained: the heads that it is measured by are
    not part of the weights.
    """
    held_out, before = made.held_out, made.before
    reconstructed = autoencoder.reconstructed_accuracy(made.autoencoder, made.judge, held_out)
    if Stage.TEXT in made.stages:
        telling = {"captions": text.held_out_captions(), "prompts": text.examination()}
        read = {name: text.accuracy(made.reader, made.tokenizer, *told) for name, told in telling.items()}
    else:
        read = before["read_rightly"]
    counts = {
        "unet": parameters(made.unet),
        "vae": parameters(made.autoencoder),
        "text_encoder": parameters(made.reader.encoder),
        "judge": parameters(made.judge),
        **({} if made.controlnet is None else {"controlnet": parameters(made.controlnet)}),
    }
    return {
        "animegen": __version__,
        "libraries": {name: version(name) for name in LIBRARIES},
        "machine": {"device": str(made.device), "processor": platform.machine(), "threads": torch.get_num_threads()},
        "recipes": {stage: made.followed(stage) for stage in Stage},
        "parameters": counts,
        "held_out_renders": len(held_out),
        "judge_accuracy": judge.accuracy(made.judge, held_out),
        "judge_accuracy_on_reconstructions": reconstructed,
        "autoencoder_psnr_db": autoencoder.psnr(made.autoencoder, held_out).mean().item(),
        "read_rightly": read,
    }
