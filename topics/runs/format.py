"""What a run's folder holds: every file's name stands here and nowhere else.

runs/
.store/          stored records, for all runs
names.json       the names of topics, for all runs
NAME/            one run: run.json (its manifest, written last) and the files below
NAME.html        its map, drawn again with names
"""

FORMAT = 4
MANIFEST = "run.json"
STORE_FOLDER = ".store"
NAMES_FILE = "names.json"
SCORES_FILE = "scores.json"
MAP_FILE = "map.html"
KEY_FILE = "key.csv"  # of sheets

TABLES = ("documents", "layout2d", "levels", "membership", "scan", "topics")
"""Tables that are read back with a run."""

TABLES_ASIDE = ("rejected", "removed")
"""Tables that are there for whoever opens the folder."""

FILES = tuple(sorted((MAP_FILE, SCORES_FILE, *(f"{name}.parquet" for name in (*TABLES, *TABLES_ASIDE)))))
"""Every result file beside the manifest."""
