"""Settings, read from the environment once and handed to ``create_app``."""

import contextlib
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


class UnsafeSettings(RuntimeError):
    """A setting that must not be used in production."""


@dataclass(frozen=True)
class Config:
    """What the program needs to know about the place it runs in (names: ``formats.md``, Set-up and settings)."""

    environment: str = "development"
    data_dir: Path = field(default_factory=lambda: Path("instance"))
    database_url: str = ""
    secret_key: str = ""
    audit_key: str = ""
    signing_key: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    proxy_hops: int = 0
    public_url: str = ""
    mail_server: str = ""
    mail_sender: str = "kaona@localhost"
    workers: int = 2
    threads: int = 4
    testing: bool = False

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_environment(cls) -> "Config":
        """Read the settings; keys of a development instance are made once and kept in the data folder.

        Raises :class:`UnsafeSettings` in production when a key is missing or too short.
        """
        get = os.environ.get
        environment = get("KAONA_ENV", "development")
        if environment not in ("development", "production"):
            raise UnsafeSettings(f"KAONA_ENV must be 'development' or 'production', not {environment!r}.")
        data_dir = Path(get("KAONA_DATA_DIR", "instance")).absolute()
        settings = cls(
            environment=environment,
            data_dir=data_dir,
            database_url=get("DATABASE_URL") or f"sqlite:///{data_dir / 'kaona.sqlite'}",
            secret_key=get("SECRET_KEY", ""),
            audit_key=get("KAONA_AUDIT_KEY", ""),
            signing_key=get("KAONA_SIGNING_KEY", ""),
            host=get("HOST", "127.0.0.1"),
            port=_number("PORT", 8000),
            proxy_hops=_number("KAONA_PROXY_HOPS", 0),
            public_url=get("KAONA_PUBLIC_URL", ""),
            mail_server=get("KAONA_MAIL_SERVER", ""),
            mail_sender=get("KAONA_MAIL_SENDER", "kaona@localhost"),
            workers=_number("KAONA_WORKERS", 2),
            threads=_number("KAONA_THREADS", 4),
        )
        return settings._with_keys()

    def _with_keys(self) -> "Config":
        from dataclasses import replace

        if self.production:
            for name, value in (("SECRET_KEY", self.secret_key), ("KAONA_AUDIT_KEY", self.audit_key)):
                if len(value) < 32:
                    raise UnsafeSettings(f"{name} must be set to at least 32 characters in production.")
            if (self.data_dir / "demo").exists():
                raise UnsafeSettings(
                    f"{self.data_dir} holds the demonstration, whose sign-ins everybody knows. "
                    "Use another KAONA_DATA_DIR and an empty database in production."
                )
            if self.secret_key == self.audit_key:
                raise UnsafeSettings("SECRET_KEY and KAONA_AUDIT_KEY must differ.")
            return self
        return replace(
            self,
            secret_key=self.secret_key or _kept_key(self.data_dir / "secret.key"),
            audit_key=self.audit_key or _kept_key(self.data_dir / "audit.key"),
            signing_key=self.signing_key or _kept_key(self.data_dir / "signing.key"),
        )


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdigit():
        raise UnsafeSettings(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _kept_key(path: Path) -> str:
    """The key kept at ``path``; made on first use, readable by its owner alone, never seen half written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
