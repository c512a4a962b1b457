"""`python -m bench [--runs N] [--sets FOLDER]`: run the benches and write docs/bench.md."""

import argparse
from pathlib import Path

from bench import ears
from bench.page import write_section
from bench.stage import ROOT

if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="bench")
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--sets", type=Path)
    given = asked.parse_args()
    write_section(ROOT / "docs" / "bench.md", "ears", ears.run(given.runs, given.sets, print))
    print("Written: docs/bench.md")
