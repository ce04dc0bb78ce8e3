"""The explorer: a run as a widget of a notebook, and as what a report shows; it shows and computes nothing."""

from topics.explore._details import Details
from topics.explore._files import explorer_script
from topics.explore._payload import Payload, payload_of
from topics.explore._session import Session
from topics.explore._widget import explore

__all__ = ["Details", "Payload", "Session", "explore", "explorer_script", "payload_of"]
