"""Files and tables of the user → rows."""
