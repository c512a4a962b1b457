"""Holds the house to its rooms: who may import whom, and which library lives where (docs/design.md, section 1)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "intents", "handlers", "storage", "tests")

# room → the rooms of ours that it may import. The longest name that fits a module counts.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "handlers.desk": (),
    "intents": (),
    "handlers.dialogue": ("handlers.desk", "intents.parse", "intents.companies"),
    "storage": ("handlers.desk", "intents.revisions"),
    "storage.migrations": ("storage",),
    "bot.settings": (),
    "bot.journal": (),
    "bot.telegram": ("handlers.dialogue", "intents.parse"),
    "bot.terminal": ("handlers.dialogue", "intents.parse"),
    "bot.mail": ("handlers.desk",),
    "bot.register_file": ("handlers.desk",),
    "bot.offices": ("bot.settings", "handlers.desk", "intents"),
    "bot.checklist": ("bot", "handlers.desk", "intents"),
    "bot.clock": ("handlers.desk",),
    "bot.case_pages": ("handlers.desk",),
    "bot.audit_commands": ("bot", "handlers.desk"),
    "bot.case_commands": ("bot", "handlers.desk"),
    "bot.commands": ("bot", "handlers.desk", "intents"),
    "bot.__main__": ("bot", "handlers.desk"),
    "bot.wiring": ("bot", "handlers", "intents", "storage"),
}
LIVES_IN: dict[str, tuple[str, ...]] = {
    "aiogram": ("bot.telegram",),
    "aiosmtplib": ("bot.mail",),
    "rasa_sdk": ("handlers.dialogue",),
    "sqlalchemy": ("storage", "bot.wiring"),
    "alembic": ("storage",),
    "numpy": ("intents",),
    "scipy": ("intents",),
    "onnxruntime": ("intents",),
    "onnx": ("intents.conversion",),
    "threadpoolctl": ("intents.training",),
    "cryptography": ("storage.vault",),
    "jpholiday": ("handlers.desk.calendars",),
}


def modules() -> Iterator[tuple[str, Path]]:
    for room in ROOMS[:-1]:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{each.name}" for each in node.names)


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def rule_for(module: str) -> tuple[str, tuple[str, ...]]:
    fitting = [room for room in MAY_IMPORT if within(module, room)]
    assert fitting, f"{module} stands in no room that this test knows"
    room = max(fitting, key=len)
    return room, MAY_IMPORT[room]


@pytest.mark.parametrize(("module", "path"), [pytest.param(*m, id=m[0]) for m in modules() if "." in m[0]])
def test_a_module_imports_only_what_its_room_may(module: str, path: Path) -> None:
    room, allowed = rule_for(module)
    for imported in imports(path):
        if imported.split(".")[0] in ROOMS:
            assert within(imported, room) or any(within(imported, each) for each in allowed), imported
        library = imported.split(".")[0]
        if library in LIVES_IN:
            assert any(within(module, each) for each in LIVES_IN[library]), imported


def test_the_code_stands_in_exactly_these_rooms() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert found == set(ROOMS)


def test_only_settings_reads_the_environment() -> None:
    for module, path in modules():
        if module != "bot.settings":
            text = path.read_text(encoding="utf-8")
            assert "environ" not in text, module
            assert "getenv" not in text, module


@pytest.mark.parametrize("module", ["bot.wiring", "bot.commands", "bot.telegram.door"])
def test_nothing_happens_at_import(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    __import__(module)
    assert list(tmp_path.iterdir()) == []
