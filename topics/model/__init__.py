"""The pipeline as a scikit-learn estimator."""

from topics.model._model import TopicModel

__all__ = ["TopicModel"]
