"""The tab of one's own machine that shows training runs, begins and ends them, and puts an epoch's LoRA on.

A run is trained by a process of its own; the tab reads its folder. A public page has neither the tab nor its
events.
"""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from animegen import lora_files
from animegen.errors import InvalidRequest
from animegen.lora_files import copies
from animegen.messages import Language
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import TextToImage
from animegen.tasks.loras import NAME, loras
from animegen.training.run import Run
from animegen.training.runs import Runs
from animegen.ui import run_view
from animegen.ui.controls import LIGHT, QUEUED, notes
from animegen.ui.scripts import script, source
from animegen.ui.texts import language_of, say, text

SECONDS: Final = 3.0
"""Seconds between two looks at a run that is running."""
Shown = dict[Any, Any]
"""What components show, by component."""


@dataclass(frozen=True, kw_only=True)
class TrainingTab:
    """The components of the tab. ``shown`` says of which pictures the samples are, so that they are sent once."""

    runs: gr.Radio
    recipe: gr.Dropdown
    start: gr.Button
    hint: gr.Textbox
    command: gr.Textbox
    run: gr.Column
    headline: gr.Textbox
    progress: gr.HTML
    stop: gr.Button
    resume: gr.Button
    curve: gr.LinePlot
    samples: gr.HTML
    plan: gr.Textbox
    shown: gr.Textbox
    timer: gr.Timer

    @property
    def outputs(self) -> list[Any]:
        """Everything that a look at the runs fills."""
        return [getattr(self, name) for name in self.__dataclass_fields__]


def tab() -> TrainingTab:
    """Lay out the tab."""
    with gr.Row(elem_id="training"):
        with gr.Column(elem_id="runs_list", min_width=0):
            hint = notes("runs_hint", visible=False)
            runs = gr.Radio([], label=text("runs"), elem_id="runs", visible=False)
        with gr.Column(elem_id="new_run", min_width=0):
            recipe = gr.Dropdown([], label=text("new_run"), filterable=False, elem_id="recipe", visible=False)
            start = gr.Button(text("start_run"), variant="primary", elem_id="start_run", visible=False)
            command = gr.Textbox(
                label=text("command"), lines=2, interactive=False, buttons=["copy"], elem_id="run_command",
                visible=False,
            )  # fmt: skip
        with gr.Column(elem_id="run", min_width=0, visible=False) as run:
            headline = notes("run_headline")
            progress = gr.HTML(
                0, html_template='<progress max="1" value="${value}"></progress>', elem_id="run_progress"
            )
            with gr.Row(elem_classes="chips"):
                stop = gr.Button(text("stop_run"), size="sm", elem_id="stop_run")
                resume = gr.Button(text("resume_run"), size="sm", elem_id="resume_run")
            curve = gr.LinePlot(x="step", y="loss", color="of", height=240, elem_id="run_curve")
            with gr.Accordion(text("plan"), open=False, elem_id="run_plan"):
                plan = gr.Textbox(
                    show_label=False, container=False, interactive=False, max_lines=60, elem_id="run_plan_lines",
                    elem_classes="notes",
                )  # fmt: skip
            samples = gr.HTML(
                [], html_template='<div class="samples"></div>', js_on_load=source("samples"), elem_id="run_samples"
            )
    return TrainingTab(
        runs=runs, recipe=recipe, start=start, hint=hint, command=command, run=run, headline=headline,
        progress=progress, stop=stop, resume=resume, curve=curve, samples=samples, plan=plan,
        shown=gr.Textbox(visible="hidden"), timer=gr.Timer(SECONDS, active=False),
    )  # fmt: skip


def wire(studio: StudioProtocol, runs: Runs, tab: TrainingTab, room: gr.Tab, tabs: gr.Tabs, chosen: gr.HTML) -> None:
    """Wire the tab, which is the ``room`` among the ``tabs``, to the runs and to the LoRAs that are ``chosen``."""
    look, now = looking(runs, tab), [tab.runs, tab.recipe, tab.shown]
    for event in (room.select, tab.runs.input, tab.recipe.input, tab.timer.tick):
        event(look, now, tab.outputs, preprocess=False, trigger_mode="always_last", **LIGHT)
    for other in tabs.children:
        if other is not room and isinstance(other, gr.Tab):
            other.select(None, None, tab.timer, js=script("constant", value={"__type__": "update", "active": False}))
    for button, act, given in (
        (tab.start, runs.start, tab.recipe), (tab.stop, runs.stop, tab.runs), (tab.resume, runs.resume, tab.runs),
    ):  # fmt: skip
        done = button.click(_doing(act), given, tab.runs, preprocess=False, **QUEUED)
        done.success(look, now, tab.outputs, preprocess=False, **LIGHT)
    used = tab.samples.select(using(studio, runs), [tab.runs, chosen], chosen, preprocess=False, **QUEUED)
    used.success(None, None, [tabs, chosen.parent], js=script("open_loras", tab=TextToImage.name))


def looking(runs: Runs, tab: TrainingTab) -> Callable[..., Shown]:
    """Return the function that shows the runs as they are now, and the one that is selected."""

    def look(selected: Any, recipe: Any, shown: Any, request: gr.Request) -> Shown:
        language, found = language_of(request), runs.all()
        run = next((each for each in found if each.name == selected), found[0] if found else None)
        busy = any(each.alive for each in found)
        choices = [(run_view.label(each, language), each.name) for each in found]
        listed = gr.update(choices=choices, value=run.name if run else None, visible=bool(run))
        return {
            tab.runs: listed,
            tab.timer: gr.update(active=busy),
            tab.run: gr.update(visible=bool(run)),
            **_beginning(runs, tab, language, recipe, first=not run),
            **(_shown(run, shown, tab, language) if run else {}),
        }

    return look


def using(studio: StudioProtocol, runs: Runs) -> Callable[..., list[str]]:
    """Return the function that puts an epoch's LoRA among the person's own and chooses it, instead of its siblings."""

    def use_epoch(name: Any, chosen: Any, event: gr.SelectData) -> list[str]:
        run, epoch = runs.find(name), event.index
        file = run.epochs().get(epoch) if isinstance(epoch, int) else None
        if file is None:
            raise InvalidRequest("training.no_epoch", name=run.name, epoch=str(epoch)[:10])
        adapter = lora_files.read(file)
        if studio.row.lora_base not in adapter.bases:
            raise InvalidRequest("training.epoch_of_other_model", name=file.stem, base=", ".join(adapter.bases))
        title = f"{run.name}-e{epoch:03d}"
        title = title if NAME.fullmatch(title) else file.stem
        siblings = re.compile(rf"{re.escape(title[:-4])}-?e\d{{3,6}}(-[0-9a-f]{{8}})?")
        others = [each for each in loras(chosen or ()) if not siblings.fullmatch(each.name)]
        added = copies.add(file, studio.offers.own_folder, title)
        return [str(each) for each in loras((*others, f"{added}:1"))]

    return use_epoch


def _doing(act: Callable[[Any], str | None]) -> Callable[[Any], Any]:
    """Return the function that does something and selects the run that comes of it, if any."""

    def do(given: Any) -> Any:
        return act(given) or gr.skip()

    do.__name__ = getattr(act, "__name__", "do")
    return do


def _beginning(runs: Runs, tab: TrainingTab, language: Language, chosen: Any, *, first: bool) -> Shown:
    """Return what invites to a run: the recipes, and for the first run how to begin."""
    recipes = runs.recipes()
    first_recipe = next(iter(recipes), None)
    name = chosen if chosen in list(recipes) else first_recipe
    key = "no_runs" if recipes else "no_recipes"
    title = name or "NAME"
    words = ["animegen", "train", runs.recipe_folder / f"{title}.yaml", "--out", runs.folder / title]
    return {
        tab.hint: gr.update(value=say(key, language, folder=runs.recipe_folder), visible=first),
        tab.command: gr.update(value=shlex.join(map(str, words)), visible=first),
        tab.recipe: gr.update(choices=[(each, each) for each in recipes], value=name, visible=bool(recipes)),
        tab.start: gr.update(visible=bool(recipes)),
    }


def _shown(run: Run, shown: Any, tab: TrainingTab, language: Language) -> Shown:
    """Return what is shown of one run; its samples only where they are not those that the page has already."""
    metrics, fingerprint = run.metrics(), run_view.fingerprint(run, language)
    status = run.status
    found: Shown = {
        tab.headline: run_view.headline(run, language),
        tab.progress: status.step / status.steps if status.steps else 0,
        tab.stop: gr.update(visible=run.alive, interactive=run.state == "running"),
        tab.resume: gr.update(visible=run.resumable),
        tab.curve: gr.update(
            value=run_view.curve(metrics, language), visible=bool(metrics.training),
            x_title=say("loss_step", language), y_title=say("loss", language), color_title=" ",
            color_map={say(key, language): colour for key, colour in run_view.COLOURS.items()},
        ),
        tab.plan: run_view.plan(run, metrics, language),
    }  # fmt: skip
    if fingerprint != shown:
        found |= {tab.samples: run_view.samples(run, language), tab.shown: fingerprint}
    return found
