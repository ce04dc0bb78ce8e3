"""What a run's folder holds: every file's name stands here and nowhere else.

runs/
.store/          stored records, for all runs
names.json       the names of topics, for all runs
NAME/            one run: run.json (its manifest, written last), the files below, and
    records/     the records that the files were made from, as they were before any edit, and those of edited clusters
    journal.json its edits, if there are any
NAME.report.html its report
"""

from topics._folders import RUN_MARK

FORMAT = 5
MANIFEST = RUN_MARK
STORE_FOLDER = ".store"
RECORDS_FOLDER = "records"
NAMES_FILE = "names.json"
JOURNAL_FILE = "journal.json"
NAMING_FILE = ".naming.json"  # while a run is saved: what becomes of the names beside the runs
SCORES_FILE = "scores.json"
OLD_MAP_FILE = "map.html"  # in the folders of runs that an earlier version wrote
PAGE_SUFFIX = ".html"
REPORT_SUFFIX = ".report.html"  # of a report there

WORD_SHEET = "word_intrusion.csv"
TOPIC_SHEET = "topic_intrusion.csv"
SHEETS_PAGE = "sheets.html"
KEY_FILE = "key.csv"

TABLES = ("documents", "layout2d", "levels", "membership", "scan", "topics")
"""Tables that are read back with a run."""

TABLES_ASIDE = ("rejected", "removed")
"""Tables that are there for whoever opens the folder."""

FILES = tuple(sorted((SCORES_FILE, *(f"{name}.parquet" for name in (*TABLES, *TABLES_ASIDE)))))
"""Every result file beside the manifest."""

OURS = frozenset({*FILES, MANIFEST, JOURNAL_FILE, RECORDS_FOLDER, OLD_MAP_FILE})
"""Everything in a run's folder."""
