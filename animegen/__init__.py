"""animegen draws anime characters with the emotion and the style you want."""

__version__ = "0.1.0"
