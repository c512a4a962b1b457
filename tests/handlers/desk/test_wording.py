"""The desk's closed sets in words: none without, in either language; what is faulty is told."""

from pathlib import Path

import pytest

from handlers.desk.assurance import Proof
from handlers.desk.errors import BadSetting
from handlers.desk.requests import Status
from handlers.desk.wording import FILE, load_wording


def test_every_proof_and_every_status_has_its_words() -> None:
    wording = load_wording()
    assert set(wording.proofs) == set(Proof)
    assert set(wording.statuses) == set(Status)
    assert all(words.en and words.ja for words in [*wording.proofs.values(), *wording.statuses.values()])


def test_missing_words_are_told(tmp_path: Path) -> None:
    path = tmp_path / "wording.yml"
    text = FILE.read_text(encoding="utf-8")
    path.write_text(text.replace("  withdrawn:", "  gone:").replace("  2P:", "  3P:"), encoding="utf-8")
    with pytest.raises(BadSetting) as refused:
        load_wording(path)
    assert len(refused.value.faults) == 2
    assert all(each.startswith("wording.yml, ") and each.endswith(".") for each in refused.value.faults)


def test_a_status_without_words_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wording.yml"
    lines = FILE.read_text(encoding="utf-8").splitlines()
    start = lines.index("  withdrawn:")
    path.write_text("\n".join(lines[:start] + lines[start + 3 :]), encoding="utf-8")
    with pytest.raises(BadSetting, match="says nothing about withdrawn"):
        load_wording(path)
