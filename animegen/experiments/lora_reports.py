"""Where the reports of LoRAs lie that come with the source: a file each, beside the catalogue."""

from pathlib import Path

from animegen.errors import EvaluationFailed
from animegen.evaluation import provenance
from animegen.evaluation.report import Report
from animegen.experiments.conditions import only_lora
from animegen.experiments.trial import Trial
from animegen.lora_files.offers import OWN_FOLDER


def require_offered(trial: Trial) -> None:
    """Raise EvaluationFailed unless the report can be kept: of a LoRA that comes with the source, by committed code."""
    path = only_lora(trial).path
    if path is None or path.parent != OWN_FOLDER:
        raise EvaluationFailed("experiments.not_our_lora", folder=OWN_FOLDER.name)
    provenance.require_commit(trial.commit)


def keep(trial: Trial, report: Report, folder: Path = OWN_FOLDER / "reports") -> Path:
    """Write the report of a trial's LoRA, and return its path."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{only_lora(trial).name}.json"
    path.write_text(report.json(), encoding="utf-8")
    return path
