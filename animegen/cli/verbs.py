"""Every verb of the command line, registered in this one place."""

import typer

from animegen.cli import dataset, drawing, frames, loras, measuring, models, picture_info, sheets, tables, training

app = typer.Typer(
    help="Draw anime characters with the emotion and the style you want.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would take half the time of --help
    context_settings={"max_content_width": 120},
)
app.command()(drawing.text_to_image)
app.command()(drawing.image_to_image)
app.command()(drawing.canny)
app.command()(frames.emotion_path)
app.command()(frames.animation)
app.command()(sheets.expression_sheet)
app.command()(picture_info.picture_info)
app.command()(tables.prompt)
app.add_typer(models.models, name="models")
app.command()(tables.emotions)
app.command()(tables.appearance)
app.command()(tables.styles)
app.add_typer(loras.loras, name="loras")
app.add_typer(dataset.dataset, name="dataset")
app.command()(training.train)
app.add_typer(measuring.evaluate, name="evaluate")
app.command()(measuring.bench)
