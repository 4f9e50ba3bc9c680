"""A post of a booru as its JSON describes it (https://danbooru.donmai.us/wiki_pages/api%3Aposts)."""

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from animegen.datasets.tags import spell
from animegen.errors import InvalidRequest
from animegen.messages import Message, message
from animegen.prompts.rules import rules

Rating = Literal["general", "sensitive"]
"""The ratings that can be collected; there is no way to questionable and explicit ones."""
LETTERS: Final[dict[Rating, tuple[str, ...]]] = {"general": ("g",), "sensitive": ("g", "s")}
NAMES: Final = {"g": "general", "s": "sensitive"}
MOST_BYTES: Final = 50 * 10**6
SUGGESTIVE: Final = "sexy"
"""What a booru's rating ``sensitive`` says of a picture, as a word that the content rules know."""
LICENCE: Final = "not stated by the site; the picture belongs to its artist"


class Post(BaseModel):
    """What is used of a post. A site may hide a post's file; such a post has neither URL nor hash."""

    model_config = ConfigDict(frozen=True)

    id: Annotated[int, Field(gt=0)]
    md5: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    rating: str
    file_url: str | None = None
    file_ext: str = ""
    file_size: int = 0
    image_width: int = 0
    image_height: int = 0
    source: str = ""
    tag_string_general: str = ""
    tag_string_character: str = ""
    tag_string_copyright: str = ""
    tag_string_artist: str = ""
    tag_string_meta: str = ""
    is_deleted: bool = False
    is_banned: bool = False

    @field_validator("source", mode="before")
    @classmethod
    def _no_source(cls, value: Any) -> Any:
        return value or ""

    @property
    def tags(self) -> list[str]:
        """The tags of a caption: characters, and what the picture shows."""
        return [spell(tag) for tag in f"{self.tag_string_character} {self.tag_string_general}".split()]

    def objection(self, rating: Rating) -> Message | None:
        """Return why a post is left out, None where it is not."""
        if self.rating not in LETTERS[rating]:
            return message("datasets.collect_rated", rating=rating)
        if self.is_deleted or self.is_banned or not self.md5 or not self.file_url:
            return message("datasets.collect_hidden")
        if self.file_ext not in {"jpg", "jpeg", "png", "webp"}:
            return message("datasets.collect_no_picture")
        if self.file_size > MOST_BYTES:
            return message("datasets.collect_too_large", limit=MOST_BYTES / 10**6)
        try:
            check_content([*self.tags, *self.tag_string_meta.split()], "sensitive" if self.rating == "s" else "general")
        except InvalidRequest as problem:
            return problem.message
        return None

    def origin(self, site: str) -> dict[str, Any]:
        """Return what is kept of a picture's origin."""
        return {
            "site": site,
            "post": f"{site}/posts/{self.id}",
            "md5": self.md5,
            "rating": NAMES[self.rating],
            "source": self.source,
            "artists": self.tag_string_artist.split(),
            "copyrights": self.tag_string_copyright.split(),
            "characters": self.tag_string_character.split(),
            "licence": LICENCE,
            "file": self.file_url,
            "width": self.image_width,
            "height": self.image_height,
        }


def check_content(words: Iterable[str], rating: Rating) -> None:
    """Raise InvalidRequest for words that the content rules refuse of pictures with this rating."""
    rules().check([*words, *([SUGGESTIVE] if rating == "sensitive" else [])], public=False)
