"""What a PEFT config says of scales: an ``adapter_config.json``, or the same words in the header of a diffusers file.

PEFT 0.21, ``LoraConfig``: ``lora_alpha`` unless a pattern names the module; the scale is alpha / rank, or
alpha / sqrt(rank) with ``use_rslora``.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import numpy as np

from animegen.lora_files.adapter import Module
from animegen.lora_files.weights import Cause

BEYOND: Final = (
    *("use_dora", "lora_bias", "modules_to_save", "trainable_token_indices", "layer_replication", "use_qalora"),
    *("target_parameters", "use_bdlora", "arrow_config", "kasa_config", "velora_config", "monteclora_config"),
    *("alora_invocation_tokens", "megatron_config"),
)
"""Options that make more of a LoRA than two factors and a scale; at their defaults they are false, null or empty."""
INITIAL: Final = (True, False, None, "gaussian", "eva", "orthogonal")
"""Initial weights that leave the model itself as it was."""
LEAST: Final = float(np.finfo(np.float32).tiny)
MOST: Final = float(np.finfo(np.float32).max)


@dataclass(frozen=True, slots=True)
class Scales:
    """Rank and alpha of each module, as a config says them."""

    rank: int
    alpha: float
    ranks: Mapping[str, int]
    alphas: Mapping[str, float]
    stabilised: bool

    def alpha_for(self, path: str, rank: int) -> float:
        """Return the alpha of a module whose tensors have this rank, so that the scale is alpha / rank.

        Raises Cause when the config says another rank.
        """
        expected = _matching(self.ranks, path, self.rank)
        if expected != rank:
            raise Cause("lora_files.rank_mismatch", rank=rank, path=path, expected=expected)
        return exact(_matching(self.alphas, path, self.alpha) * (sqrt(rank) if self.stabilised else 1))


def exact(alpha: float) -> float:
    """Return an alpha as float32 has it, so that every format keeps it to the bit.

    Raises Cause when it is no scale.
    """
    if not LEAST <= alpha <= MOST:
        raise Cause("lora_files.alpha_range", alpha=alpha)
    return float(np.float32(alpha))


def scales(config: Mapping[str, Any]) -> Scales:
    """Return what a config says of scales. Raises Cause."""
    kind = str(config.get("peft_type") or "LORA").rpartition(".")[2]
    if kind != "LORA":
        raise Cause("lora_files.peft_kind", kind=repr(kind[:20]))
    beyond = [name for name in BEYOND if config.get(name)]
    beyond += ["bias"] if config.get("bias", "none") != "none" else []
    beyond += ["init_lora_weights"] if config.get("init_lora_weights") not in INITIAL else []
    if beyond:
        raise Cause("lora_files.beyond_lora", options=tuple(beyond))
    try:
        return Scales(
            rank=int(config["r"]),
            alpha=float(config["lora_alpha"]),
            ranks={_plain(key): int(rank) for key, rank in (config.get("rank_pattern") or {}).items()},
            alphas={_plain(key): float(alpha) for key, alpha in (config.get("alpha_pattern") or {}).items()},
            stabilised=bool(config.get("use_rslora")),
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        raise Cause("lora_files.config_invalid") from None


def config_of(modules: Sequence[Module]) -> dict[str, Any]:
    """Return the config that says the modules' ranks and alphas, the commonest as its own and the rest by name."""
    ranks = {module.path: module.rank for module in modules}
    alphas = {module.path: _short(module.alpha) for module in modules}
    rank, alpha = (Counter(each.values()).most_common(1)[0][0] for each in (ranks, alphas))
    return {
        "peft_type": "LORA",
        "r": rank,
        "lora_alpha": alpha,
        "rank_pattern": {path: own for path, own in ranks.items() if own != rank},
        "alpha_pattern": {path: own for path, own in alphas.items() if own != alpha},
        "target_modules": sorted(ranks),
        "lora_dropout": 0.0,
        "bias": "none",
        "init_lora_weights": True,
    }


def _short(alpha: float) -> float:
    """Return an alpha as an int where it is whole, as PEFT's own configs have it."""
    return int(alpha) if alpha.is_integer() else alpha


def parsed(text: str | bytes) -> Mapping[str, Any]:
    """Return a config from its JSON. Raises Cause when it is none."""
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):
        raise Cause("lora_files.config_not_json")
    return config


def _plain(pattern: str) -> str:
    """Return a pattern that is a name, with ``^`` where it must be the whole path.

    PEFT takes any regular expression; one that is more than a name could be made to run for years.
    """
    name = pattern.removesuffix("$").replace("\\.", ".")
    start = "^" if name.startswith("^") else ""
    bare = name.removeprefix("^").removeprefix("text_model.")
    if not bare.replace(".", "").replace("_", "").isalnum():
        raise Cause("lora_files.config_pattern")
    return start + bare


def _matching(patterns: Mapping[str, Any], path: str, otherwise: Any) -> Any:
    """Return the value of the first pattern that is the path or its last parts."""
    parts = path.split(".")
    tails = {".".join(parts[at:]) for at in range(len(parts))} | {f"^{path}"}
    found = tails & patterns.keys()
    if not found:
        return otherwise
    return patterns[found.pop()] if len(found) == 1 else next(patterns[key] for key in patterns if key in found)
