"""Growing corpora: new articles added to a run, and runs compared in time and merged."""

from topics.growth._drift import topic_diff
from topics.growth._merge import Merged, merge
from topics.growth._update import Update, update

__all__ = ["Merged", "Update", "merge", "topic_diff", "update"]
