"""table.py ROWS LOOKUPS: a table in memory, some 150 bytes a row, and LOOKUPS look-ups in random order."""

import random
import sys

rows, chance = int(sys.argv[1]), random.Random(1)
table = {number: f"row {number}".ljust(50) for number in range(rows)}
print(sum(len(table[chance.randrange(rows)]) for _ in range(int(sys.argv[2]))))
