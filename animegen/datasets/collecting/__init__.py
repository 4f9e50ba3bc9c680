"""Pictures from a booru: searched, downloaded politely, and kept with their origin."""

from animegen.datasets.collecting.client import Client
from animegen.datasets.collecting.collection import Outcome, collect

__all__ = ["Client", "Outcome", "collect"]
