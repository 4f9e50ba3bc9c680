"""How the command line opens the studio."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from animegen.studio.protocol import StudioProtocol


def load() -> "StudioProtocol":
    """Load the model that the settings name. Raises ModelUnavailable."""
    from animegen.settings import settings
    from animegen.studio import Studio

    return Studio.load(settings())
