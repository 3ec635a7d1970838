"""The key that signs sessions and links."""

import secrets

from bot.config.settings import Config, ConfigError, Secret


def web_secret(config: Config) -> Secret:
    """The key that signs sessions and links: from the environment, else made once and kept.

    It is kept in ``var/secret``, readable by the owner only. Raises ConfigError when others may
    read it. Several machines that serve one site need the same CHIKA_WEB_SECRET.
    """
    if config.web.secret:
        return config.web.secret
    kept = config.root / "var" / "secret"
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = kept.with_name(f"secret.{secrets.token_hex(4)}")
    if not kept.exists():
        fresh.touch(mode=0o600, exist_ok=False)
        fresh.write_text(secrets.token_urlsafe(32))
        try:
            kept.hardlink_to(fresh)
        except FileExistsError:
            pass  # another process was first; its key is the one
        finally:
            fresh.unlink()
    if kept.stat().st_mode & 0o077:
        raise ConfigError([f"{kept}: others may read it; run chmod 600 on it or delete it"])
    return Secret(kept.read_text())
