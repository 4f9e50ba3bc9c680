"""Every error a visitor may read: one sentence that says what happened and what to do next."""


class AnimegenError(Exception):
    """A problem whose message may be shown to the person who asked."""


class InvalidRequest(AnimegenError):
    """Something in the request is out of range, unknown or of the wrong type."""


class ModelUnavailable(AnimegenError):
    """The model cannot be loaded on this machine as it is set up now."""


class AdapterRefused(AnimegenError):
    """A LoRA file is damaged, of a kind that is not read, or made for another model."""


class DrawingFailed(AnimegenError):
    """The model ran and its result cannot be used (out of memory, not a number, ...)."""


class EvaluationFailed(AnimegenError):
    """A measurement cannot be made or resumed as asked."""


class TrainingFailed(AnimegenError):
    """A training run cannot go on, and its last good checkpoint is intact."""
