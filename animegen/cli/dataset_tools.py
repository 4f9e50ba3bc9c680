"""The verbs that prepare training pictures: captions of tags, folders by emotion or style, pictures from a booru."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from animegen.cli.terminal import columns, say, show
from animegen.messages import Message, message

if TYPE_CHECKING:
    from animegen.datasets.sorting import Read
    from animegen.models.tagger import Tagger

Folder = Annotated[
    Path, typer.Argument(help="Folder of pictures.", exists=True, file_okay=False, metavar="DIR", show_default=False)
]
Model = Annotated[str, typer.Option(metavar="REPOSITORY", help="WD tagger of the Hub.")]
TAGGER = "SmilingWolf/wd-vit-tagger-v3"
SITES = {"danbooru": "https://danbooru.donmai.us"}


def tag(
    folder: Folder,
    model: Model = TAGGER,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="Least confidence of a tag.")] = 0.35,
    character_threshold: Annotated[float, typer.Option(min=0, max=1, help="Least confidence of a character.")] = 0.85,
    exclude: Annotated[str, typer.Option(metavar="TAG,TAG", help="Tags that are left out.", show_default=False)] = "",
    trigger: Annotated[str, typer.Option(help="Words in front of every caption.", show_default=False)] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace captions that are there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the captions and write none.")] = False,
) -> None:
    """Write captions of tags beside the pictures of a folder and its sub-folders.

    Pictures that have a caption keep it, so that a stopped run goes on where it was. The tagger is downloaded when it
    is first needed. Exit code 1 where a picture got no caption.
    """
    from animegen.datasets import tagging

    excluded = tuple(name.strip() for name in exclude.split(",") if name.strip())
    wishes = tagging.Wishes(trigger=trigger.strip(), exclude=excluded, overwrite=overwrite, write=not dry_run)
    load = _tagger(model)
    count: Counter[str] = Counter(written=0, kept=0, failed=0)
    for each in tagging.tag(folder, lambda image: load().read(image, threshold, character_threshold), wishes):
        count[each.done] += 1
        if each.done != "kept":
            file = str(each.picture.relative_to(folder))
            say(message("datasets.tag_line", file=file, text=each.reason or each.caption), err=each.done == "failed")
    say(message("datasets.tag_dry_summary" if dry_run else "datasets.tag_summary", **count))
    if count["failed"]:
        raise typer.Exit(1)


def _tagger(model: str) -> "Callable[[], Tagger]":
    """Return what loads a tagger when it is first needed."""
    from animegen.models import tagger

    return cache(lambda: tagger.load(model))


def sort(
    folder: Folder,
    by: Annotated[Literal["emotion", "style"], typer.Option(help="What decides the folder.", show_default=False)],
    apply: Annotated[bool, typer.Option("--apply", help="Move the pictures.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where the folders lie.", show_default="DIR itself")] = None,
    model: Model = TAGGER,
    judge: Annotated[bool, typer.Option("--judge", help="Read chibi's pictures by its judge.")] = False,
) -> None:
    """Propose a folder for each picture that lies in DIR, by emotion or style; move them with --apply.

    A picture is read by the tags of its caption, and without one by the tagger. Its captions move with it, nothing is
    overwritten, and the moves are listed in a file.
    """
    from animegen.datasets import sorting
    from animegen.datasets.meanings import tables

    read = _judge() if judge else sorting.by_caption(_read_by_tagger(model))
    proposals = list(sorting.propose(folder, read, tables(by)))
    table = columns("picture", "folder", "confidence", "reason")
    for each in proposals:
        confidence = f"{each.confidence:.0%}" if each.folder else ""
        table.add_row(each.entry.picture.name, each.folder or "-", confidence, str(each.reason))
    show(table)
    count = {"count": sum(bool(each.folder) for each in proposals), "total": len(proposals)}
    if apply and count["count"]:
        say(message("datasets.sort_moved", record=str(sorting.move(proposals, out or folder)), **count))
    else:
        say(message("datasets.sort_proposed", **count))


def _read_by_tagger(model: str) -> "Read":
    """Return what reads a picture by a tagger, which is loaded when it is first needed."""
    from animegen.datasets.pictures import open_still
    from animegen.datasets.sorting import Reading

    load, source = _tagger(model), message("datasets.sort_tagger")
    return lambda entry: Reading(tags=load().read(open_still(entry.picture)), source=source)


def _judge() -> "Read":
    from animegen.experiments import sorting

    return sorting.by_judge()


def collect(
    query: Annotated[str, typer.Argument(help="Tags, as one types them on the site.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the pictures.", file_okay=False, show_default=False)],
    site: Annotated[str, typer.Option(help="danbooru, or the URL of a site with the same interface.")] = "danbooru",
    limit: Annotated[int, typer.Option(min=1, help="Number of pictures, with those that are there.")] = 100,
    rating: Annotated[Literal["general", "sensitive"], typer.Option(help="Highest rating.")] = "general",
    rate: Annotated[float, typer.Option(min=0.1, help="Seconds between requests.")] = 1.0,
) -> None:
    """Download pictures from a booru, each with its source, artist and rating, and a caption of its tags.

    What is there is not downloaded again, so that a stopped run goes on where it was. Exit code 1 where a picture
    failed.
    """
    from animegen.datasets import collecting

    count: Counter[str] = Counter()
    left_out: Counter[Message] = Counter()
    failed = []
    with closing(collecting.Client(SITES.get(site, site), interval=rate)) as client:
        for each in collecting.collect(query, out, client, limit=limit, rating=rating):
            count[each.done] += 1
            if each.done == "new" and each.picture:
                done = count["new"] + count["here"]
                say(message("datasets.collect_saved", done=done, limit=limit, file=each.picture.name))
            elif each.done == "failed":
                failed.append(message("datasets.collect_failed", post=each.post, reason=each.reason))
            elif each.reason:
                left_out[each.reason] += 1
    for reason, posts in left_out.items():
        say(message("datasets.collect_left_out", count=posts, reason=reason))
    for line in failed:
        say(line, err=True)
    say(message("datasets.collect_summary", new=count["new"], here=count["here"], failed=len(failed)))
    say(message("datasets.collect_rights"))
    if failed:
        raise typer.Exit(1)
