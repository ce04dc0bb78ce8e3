"""What tells that a folder is one of ours."""

RUN_MARK = "run.json"
"""In a run's folder, whose files are no articles to be read."""
