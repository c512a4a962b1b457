"""The only reader of the environment. Settings are read once, checked, frozen; secrets print as stars.

Every setting has the prefix `MADOGUCHI_` and may stand in `.env`; an empty one counts as not set. `.env.example` lists
each with meaning and default.
"""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

EMBEDDED_STAFF_MAIL = "privacy-desk@madoguchi.example"
"""Where staff letters go on embedded defaults: into the mailbox folder, under an address that leads nowhere."""


class Settings(BaseSettings):
    """What the operator decides. Defaults open the desk on one machine, with nothing to install beside it."""

    model_config = SettingsConfigDict(
        env_prefix="MADOGUCHI_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    company: str = "planet_management"
    data_dir: Path = Path("var")
    database_url: SecretStr | None = None
    telegram_token: SecretStr | None = None
    telegram_api_base: str | None = None
    smtp_url: SecretStr | None = None
    mail_from: str = "desk@madoguchi.example"
    staff_mail: str | None = None
    secret_keys: SecretStr | None = None
    encoder: Path | None = None
    rasa_nlu_url: str | None = None
    log_format: Literal["text", "json"] = "text"

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """Where the embedded desk keeps its database."""
        return self.data_dir / "madoguchi.db"

    @property
    def is_embedded(self) -> bool:
        """Whether the desk stands on its own folder and is out of customers' reach: no bot, database or mail server."""
        return self.telegram_token is None and self.database_url is None and self.smtp_url is None

    @property
    def model_path(self) -> Path:
        """Where the trained model lies."""
        return self.data_dir / "model.madoguchi"

    @property
    def mail_dir(self) -> Path:
        """The mailbox folder that takes letters where no SMTP server is set."""
        return self.data_dir / "mail"

    @property
    def key_file(self) -> Path:
        """Where the embedded desk keeps its own secret key."""
        return self.data_dir / "secret.key"
