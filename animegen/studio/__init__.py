"""The one door to a model: requests in, previews and pictures out."""

from animegen.studio.studio import Studio

__all__ = ["Studio"]
