"""Settings: read once, frozen, secrets under stars, and each of them explained to the operator."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_core import PydanticUndefined

from bot.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
LINES = re.findall(r"^#MADOGUCHI_(\w+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
SECRETS = ("database_url", "telegram_token", "smtp_url", "secret_keys")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MADOGUCHI_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def with_secret(name: str, secret: str) -> Settings:
    more: dict[str, Any] = {name: SecretStr(secret)}
    return Settings(_env_file=None, **more)


def test_the_example_lists_exactly_the_settings() -> None:
    assert len(LINES) == len(dict(LINES))
    assert {name.lower() for name, _ in LINES} == set(Settings.model_fields)


@pytest.mark.parametrize(("name", "shown"), LINES, ids=[name for name, _ in LINES])
def test_the_example_shows_the_default(name: str, shown: str) -> None:
    default = Settings.model_fields[name.lower()].default
    assert default is not PydanticUndefined
    assert shown == ("" if default is None else str(default))


def test_each_setting_in_the_example_is_explained() -> None:
    paragraphs = EXAMPLE.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    assert len(paragraphs) == len(Settings.model_fields)
    for paragraph in paragraphs:
        *words, line = paragraph.splitlines()
        assert words, line
        assert all(each.startswith("# ") for each in words)
        assert line.startswith("#MADOGUCHI_")


def test_the_example_uncommented_gives_the_defaults(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("#MADOGUCHI_", "MADOGUCHI_")
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    assert Settings() == Settings(_env_file=None)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_an_empty_setting_is_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"MADOGUCHI_{name.upper()}", "")
    assert Settings() == Settings(_env_file=None)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("MADOGUCHI_COMPANY=plus_one\nMADOGUCHI_STAFF_MAIL=a@example.jp\n", encoding="utf-8")
    assert Settings().company == "plus_one"
    monkeypatch.setenv("MADOGUCHI_COMPANY", "planet_management")
    settings = Settings()
    assert (settings.company, settings.staff_mail) == ("planet_management", "a@example.jp")


def test_other_peoples_variables_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PATH_TO_X=1\nMADOGUCHI_UNHEARD_OF=1\n", encoding="utf-8")
    assert Settings() == Settings(_env_file=None)


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_show_as_stars(name: str) -> None:
    settings = with_secret(name, "canary-secret")
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "canary" not in shown
    assert getattr(settings, name).get_secret_value() == "canary-secret"


def test_every_setting_that_may_hold_a_password_is_a_secret() -> None:
    found = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert found == set(SECRETS)
    assert not {name for name in Settings.model_fields if re.search("key|token|password|secret", name)} - found


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings(_env_file=None).company = "plus_one"  # type: ignore[misc]


def test_a_wrong_log_format_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_LOG_FORMAT", "canary")
    with pytest.raises(ValidationError) as fault:
        Settings()
    [error] = fault.value.errors()
    assert error["loc"] == ("log_format",)
    assert "canary" not in error["msg"]


def test_where_the_embedded_desk_keeps_its_files(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    assert settings.is_embedded
    assert settings.database == f"sqlite+aiosqlite:///{tmp_path}/madoguchi.db"
    assert {settings.model_path, settings.mail_dir, settings.key_file, settings.database_file} == {
        tmp_path / "model.madoguchi", tmp_path / "mail", tmp_path / "secret.key", tmp_path / "madoguchi.db",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["database_url", "smtp_url", "telegram_token"])
def test_a_desk_with_servers_or_a_bot_of_its_own_is_not_embedded(name: str) -> None:
    assert not with_secret(name, "x://y").is_embedded


def test_the_database_that_is_set(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=SecretStr("postgresql+asyncpg://u:p@db/x"))
    assert settings.database == "postgresql+asyncpg://u:p@db/x"
