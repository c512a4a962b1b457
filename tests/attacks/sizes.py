"""How much is attacked: the short form, or so many times as much."""

import os

TIMES = int(os.environ.get("MADOGUCHI_ATTACKS", "1"))
