"""commits.py FILE ROWS: a table of SQLite, each row of which is a transaction that goes to the disk."""

import pathlib
import sqlite3
import sys

for name in (sys.argv[1], f"{sys.argv[1]}-journal"):
    pathlib.Path(name).unlink(missing_ok=True)
with sqlite3.connect(sys.argv[1], isolation_level=None) as table:
    table.execute("PRAGMA synchronous = FULL")
    table.execute("CREATE TABLE rows (number INTEGER, text TEXT)")
    for number in range(int(sys.argv[2])):
        table.execute("INSERT INTO rows VALUES (?, ?)", (number, "x" * 200))
