"""The weights folder: what the workshop made, as fp16 files that diffusers loads, with a record of how."""

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Final

import torch
from diffusers import StableDiffusionPipeline

from animegen import __version__
from animegen.chibi import judge as judging
from animegen.chibi.build import autoencoder, card, judge, networks, text
from animegen.chibi.build.origin import origin
from animegen.chibi.build.record import Machine, Reading, Record
from animegen.chibi.build.workshop import Stage, Workshop, count_parameters
from animegen.models.controlnet import FOLDER, weights_hash
from animegen.pipelines import familiarity, preview

SHARD: Final = "9MB"
LIBRARIES: Final = ("torch", "diffusers", "transformers", "skia-python")
PREVIEW_PICTURES: Final = 500


def export(made: Workshop, folder: Path) -> Record:
    """Write weights, preview map, judge, card and record to ``folder``; return the record."""
    measured = describe(made)
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
    for name in ("vae", "unet"):
        _forget_origin(folder / name / "config.json")
    preview.save(colours, folder)
    judging.save(made.judge.cpu(), folder / judging.FILE)
    record = measured.model_copy(update={"origins": _origins(made, folder), "controlnet_base": _base(made, folder)})
    for verb in ("canny",) if made.stages == {Stage.CONTROLNET} else card.REPORTS:
        card.report_path(folder, verb).unlink(missing_ok=True)  # it is of other weights; an evaluation writes it again
    if Stage.UNET in made.stages or Stage.AUTOENCODER in made.stages:
        (folder / familiarity.FILE).unlink(missing_ok=True)  # it too is of other weights, and is measured again
    record.write(folder)
    card.write(folder)
    return record


def _forget_origin(config: Path) -> None:
    """Take out of a config the folder that its weights were loaded from: a path of this machine."""
    known = json.loads(config.read_bytes())
    known.pop("_name_or_path", None)
    config.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _origins(made: Workshop, folder: Path) -> dict[str, str]:
    """Return what each stage learned from: in this build, and for what is kept, in earlier ones."""
    kept = dict(made.before.origins) if made.before else {}
    return kept | {stage: origin(stage, folder) for stage in sorted(made.stages)}


def _base(made: Workshop, folder: Path) -> str | None:
    """Return the hash of the UNet that the ControlNet was trained on; None without a ControlNet."""
    if Stage.CONTROLNET in made.stages:
        return weights_hash(folder / "unet")
    return made.before.controlnet_base if made.before else None


def describe(made: Workshop) -> Record:
    """Return what was run and how well each part does on held-out renders and captions.

    How well texts are read, captions and the examination's prompts, is measured when the text encoder is trained: the
    heads that it is measured by are not part of the weights.
    """
    held_out, counts = made.held_out, _parameters(made)  # trains what is not trained yet, so that it has its recipe
    return Record(
        animegen=__version__,
        libraries={name: version(name) for name in LIBRARIES},
        machine=Machine(device=str(made.device), processor=platform.machine(), threads=torch.get_num_threads()),
        recipes={stage: made.recipes_of(stage) for stage in Stage},
        parameters=counts,
        held_out_renders=len(held_out),
        judge_accuracy=judge.accuracy(made.judge, held_out),
        judge_accuracy_on_reconstructions=autoencoder.reconstructed_accuracy(made.autoencoder, made.judge, held_out),
        autoencoder_psnr_db=autoencoder.psnr(made.autoencoder, held_out).mean().item(),
        read_rightly=_reading(made),
    )


def _parameters(made: Workshop) -> dict[str, int]:
    networks = {
        "unet": made.unet,
        "vae": made.autoencoder,
        "text_encoder": made.reader.encoder,
        "judge": made.judge,
        "controlnet": made.controlnet,
    }
    return {name: count_parameters(network) for name, network in networks.items() if network is not None}


def _reading(made: Workshop) -> Reading:
    if made.before and Stage.TEXT not in made.stages:
        return made.before.read_rightly
    sets = {"captions": text.held_out_captions(), "prompts": text.examination()}
    return Reading(**{name: text.accuracy(made.reader, made.tokenizer, *each) for name, each in sets.items()})
