"""Settings: one frozen Config, or every mistake at once with its place."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path

import pytest
import yaml

from bot.bootstrap import read_product
from bot.config import ConfigError, Secret, load, load_with_sources, web_secret
from bot.config.settings import KINDS, ROOT, SECRETS

TOKEN = "1234567890:" + "A" * 35

META = {
    "CHIKA_WHATSAPP_TOKEN": "EAAcanaryTOKENcanaryTOKEN",
    "CHIKA_WHATSAPP_APP_SECRET": "s" * 32,
    "CHIKA_WHATSAPP_VERIFY_TOKEN": "token-verifikasi",
    "CHIKA_WEB_BASE_URL": "https://chika.example",
}
META_ = {name: value for name, value in META.items() if "APP_SECRET" not in name}


def written(folder: Path, text: str, dotenv: str = "") -> Path:
    path = folder / "config.yaml"
    path.write_text(text)
    if dotenv:
        (folder / ".env").write_text(dotenv)
    return path


def problems(path: Path, environ: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load(path, environ or {})
    return refused.value.problems


def test_the_shipped_file_holds_every_key_with_its_default(tmp_path: Path) -> None:
    shipped = (ROOT / "config.yaml").read_text()
    keys = {
        (section, key)
        for section, lines in yaml.load(shipped, yaml.BaseLoader).items()
        for key in lines
    }
    assert keys == KINDS.keys() - SECRETS
    with_all_keys = load(written(tmp_path, shipped), {})
    assert with_all_keys == load(written(tmp_path, ""), {})


def test_every_shipped_key_has_one_comment() -> None:
    lines = (ROOT / "config.yaml").read_text().splitlines()
    assert all(" # " in line for line in lines if line.startswith("  "))


def test_values_get_their_types(tmp_path: Path) -> None:
    config = load(
        written(
            tmp_path,
            'hours: {default_opens: "07:30", default_days: [senin, sabtu], as_of: "2026-01-02"}\n'
            "web:\n  port: 9000\n  demo_ribbon: false\n",
        ),
        {},
    )
    assert config.hours.default_opens == time(7, 30)
    assert config.hours.default_days == ("senin", "sabtu")
    assert config.hours.as_of == date(2026, 1, 2)
    assert (config.web.port, config.web.demo_ribbon) == (9000, False)
    assert config.web.url == "http://localhost:9000"


def test_the_environment_wins_over_dotenv_and_dotenv_over_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "web: {port: 1}\nqueue: {lease_minutes: 2, correction_days: 9}\nruntime:\n  batch: 3\n",
        "# ours\nCHIKA_WEB_PORT=4\nexport CHIKA_QUEUE_LEASE_MINUTES='5'\nOTHER=x\n",
    )
    config, sources = load_with_sources(path, {"CHIKA_WEB_PORT": "6", "HOME": "/"})
    assert (config.web.port, config.queue.lease_minutes, config.runtime.batch) == (6, 5, 3)
    assert read_product(config).rules.correction == timedelta(days=9)
    assert sources["web", "port"] == "environment"
    assert sources["queue", "lease_minutes"] == ".env:3"
    assert sources["runtime", "batch"] == "config.yaml:4"
    assert sources["log", "level"] == "default"


def test_a_list_from_the_environment_is_split_at_commas(tmp_path: Path) -> None:
    config = load(written(tmp_path, ""), {"CHIKA_HOURS_DEFAULT_DAYS": "senin, selasa"})
    assert config.hours.default_days == ("senin", "selasa")


def test_paths_are_read_from_the_folder_of_the_file(tmp_path: Path) -> None:
    config = load(written(tmp_path, ""), {})
    assert config.store.url == f"sqlite:///{tmp_path}/var/chika.db"
    assert config.documents.folder == tmp_path / "var" / "documents"
    elsewhere = load(written(tmp_path, "store: {url: 'sqlite:////srv/c.db'}"), {})
    assert elsewhere.store.url == "sqlite:////srv/c.db"


def test_all_mistakes_are_told_at_once_with_line_and_nearest_spelling(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "web:\n"
        "  prot: 80\n"
        "  port: eighty\n"
        "  port: 81\n"
        "hours:\n"
        "  default_opens: 08:00\n"
        "  default_days: [senin, sellasa]\n"
        "chat:\n"
        "  greeting_zone: Asia/Jakrta\n"
        "telegram:\n"
        "  mode: pooling\n"
        "queu:\n"
        "  lease_minutes: 1\n"
        "runtime:\n"
        "  batch: 0\n",
        "CHIKA_LOG_LEVEL=loud\nnonsense\n",
    )
    found = problems(path, {"CHIKA_STORE_URI": "x"})
    expected = [
        "config.yaml:2: web.prot: no such key; did you mean port? Allowed: host, port, ",
        'config.yaml:3: web.port: "eighty" is refused. Allowed: a whole number, 0 to 65535',
        "config.yaml:4: web.port: stands here twice",
        'config.yaml:6: hours.default_opens: write the time in quotes: "HH:MM"',
        'config.yaml:7: hours.default_days: "senin, sellasa" is refused',
        'config.yaml:9: chat.greeting_zone: "Asia/Jakrta" is refused; did you mean Asia/Jakarta?',
        'config.yaml:11: telegram.mode: "pooling" is refused; did you mean polling? Allowed: poll',
        "config.yaml:12: queu: no such section; did you mean queue? Allowed: store, web, ",
        'config.yaml:15: runtime.batch: "0" is refused. Allowed: a whole number, 1 to 1000',
        '.env:1: CHIKA_LOG_LEVEL: "loud" is refused. Allowed: debug, info, warning, error',
        ".env:2: expected NAME=value",
        "environment: CHIKA_STORE_URI: no such key; did you mean CHIKA_STORE_URL?",
    ]
    for start in expected:
        assert [line for line in found if line.startswith(start)], start
    assert len(found) == len(expected)


def test_a_page_that_meta_could_not_call_is_refused_with_all_that_is_missing(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "messenger: {webhook_path: /telegram}")
    found = "\n".join(problems(path, {"CHIKA_MESSENGER_TOKEN": "EAA"}))
    for said in (
        "CHIKA_MESSENGER_APP_SECRET",
        "CHIKA_MESSENGER_VERIFY_TOKEN",
        "messenger.page_id: needs the number of the page",
        "messenger.webhook_path: is that of Telegram",
        "web.base_url: Messenger needs an https:// address",
    ):
        assert said in found
    assert "EAA" not in found


@pytest.mark.parametrize(
    ("text", "environ", "key", "reason"),
    [
        ("web: {host: 0.0.0.0}", {}, "web.host", "without encryption"),
        (
            "web: {host: '::', base_url: 'http://chika.example'}",
            {},
            "web.host",
            "without encryption",
        ),
        ("web: {base_url: chika.example}", {}, "web.base_url", "https://HOST"),
        ("", {"CHIKA_WEB_SECRET": "short"}, "web.secret", "32 characters"),
        ("", {"CHIKA_BRIDGE_SECRET": "b" * 32}, "bridge.callback_url", "https://HOST/PATH"),
        (
            "bridge: {callback_url: 'https://b.example/x'}",
            {},
            "bridge.callback_url",
            "CHIKA_BRIDGE_SECRET",
        ),
        (
            "bridge: {callback_url: 'http://b.example/x'}",
            {"CHIKA_BRIDGE_SECRET": "b" * 32},
            "bridge.callback_url",
            "what people write",
        ),
        (
            "bridge: {callback_url: 'https://b.example/x'}",
            {"CHIKA_BRIDGE_SECRET": "short"},
            "bridge.secret",
            "32 characters",
        ),
        (
            "waha: {url: 'https://w.example'}",
            {"CHIKA_WAHA_SECRET": "w" * 32},
            "waha.url",
            "CHIKA_WAHA_API_KEY",
        ),
        (
            "waha: {url: 'https://x@w.example'}",
            {"CHIKA_WAHA_SECRET": "b" * 32, "CHIKA_WAHA_API_KEY": "k"},
            "waha.url",
            "without user or password",
        ),
        ("", {"CHIKA_TELEGRAM_TOKEN": "hello there"}, "telegram.token", "123456:ABC"),
        (
            "telegram: {mode: webhook}",
            {"CHIKA_TELEGRAM_TOKEN": TOKEN, "CHIKA_WEB_BASE_URL": "https://chika.example"},
            "telegram.mode",
            "CHIKA_TELEGRAM_SECRET",
        ),
        (
            "telegram: {mode: webhook}",
            {"CHIKA_TELEGRAM_TOKEN": TOKEN, "CHIKA_TELEGRAM_SECRET": "s"},
            "telegram.mode",
            "https://",
        ),
        ("telegram: {api_url: 'http://api.example'}", {}, "telegram.api_url", "token on the way"),
        ("telegram: {webhook_path: hook}", {}, "telegram.webhook_path", "/telegram"),
        ("whatsapp: {phone_number_id: '+62 500'}", {}, "whatsapp.phone_number_id", "figures"),
        ("whatsapp: {version: '24'}", {}, "whatsapp.version", "v24.0"),
        ("whatsapp: {webhook_path: /telegram}", {}, "whatsapp.webhook_path", "telegram"),
        ("whatsapp: {api_url: 'http://x.example'}", {}, "whatsapp.api_url", "token on the way"),
        ("whatsapp: {phone_number_id: '1'}", META_, "whatsapp.phone_number_id", "APP_SECRET"),
        (
            "whatsapp: {phone_number_id: '1'}",
            {**META, "CHIKA_WHATSAPP_VERIFY_TOKEN": "s" * 32},
            "whatsapp.verify_token",
            "no other secret",
        ),
        ("", META, "whatsapp.phone_number_id", "app dashboard"),
        (
            "whatsapp: {phone_number_id: '1'}",
            {**META, "CHIKA_WEB_BASE_URL": ""},
            "whatsapp.webhook_path",
            "https://",
        ),
        ("hours: {default_opens: '17:00'}", {}, "hours.default_closes", "not after"),
        ("chat: {reminder_until: '07:00'}", {}, "chat.reminder_until", "not after"),
        ("store: {url: 'mysql://x'}", {}, "store.url", "postgresql://"),
    ],
)
def test_an_unsafe_or_impossible_combination_is_refused(
    tmp_path: Path, text: str, environ: dict[str, str], key: str, reason: str
) -> None:
    (found,) = problems(written(tmp_path, text), environ)
    assert f"{key}: " in found
    assert reason in found


@pytest.mark.parametrize(
    "text",
    [
        "web: {host: 0.0.0.0, base_url: 'https://chika.example'}",
        "web: {host: 0.0.0.0, allow_insecure: true}",
        "telegram: {api_url: 'http://127.0.0.1:9001'}",
        "whatsapp: {api_url: 'http://127.0.0.1:9001'}",
        "store: {url: 'postgresql://chika@db.example:5432/chika'}",
    ],
)
def test_the_safe_form_of_the_same_is_taken(tmp_path: Path, text: str) -> None:
    load(written(tmp_path, text), {})


@pytest.mark.parametrize(
    "text",
    [
        "telegram: {token: whatever}",
        f"telegram: {{api_url: '{TOKEN}'}}",
        f"# my token is {TOKEN}",
        "store: {url: 'postgresql://chika:hunter2@db.example/chika'}",
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    found = "\n".join(problems(written(tmp_path, text)))
    assert "config.yaml:1" in found
    assert "environment or .env" in found
    assert TOKEN not in found
    assert "hunter2" not in found
    assert "whatever" not in found


def test_a_refused_secret_of_the_environment_is_not_repeated(tmp_path: Path) -> None:
    environ = {
        "CHIKA_TELEGRAM_TOKEN": "hunter2",
        "CHIKA_TELEGRAM_SECRET": "hunter2 ",
        "CHIKA_WEB_SECRET": "hunter2",
        "CHIKA_STORE_URL": "mysql://chika:hunter2@db.example",
    }
    found = problems(written(tmp_path, ""), environ)
    assert len(found) == len(environ)
    assert "hunter2" not in "\n".join(found)


def test_a_config_shows_no_secret(tmp_path: Path) -> None:
    environ = {
        "CHIKA_TELEGRAM_TOKEN": TOKEN,
        "CHIKA_WEB_SECRET": "s" * 32,
        "CHIKA_STORE_URL": "postgresql://chika:hunter2@db.example/chika",
    }
    config = load(written(tmp_path, ""), environ)
    assert config.telegram.enabled
    assert config.telegram.token == TOKEN
    assert "postgresql://chika:***@db.example/chika" in repr(config)
    for secret in (TOKEN, "s" * 32, "hunter2"):
        assert secret not in repr(config)


def test_an_empty_secret_is_a_secret_not_set(tmp_path: Path) -> None:
    config = load(written(tmp_path, "", "CHIKA_TELEGRAM_TOKEN=\n"), {})
    assert not config.telegram.enabled


def test_text_that_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (found,) = problems(written(tmp_path, "web:\n  port: [1\n"))
    assert found.startswith("config.yaml:")
    assert "not YAML" in found


def test_a_tab_is_named_where_it_stands(tmp_path: Path) -> None:
    (found,) = problems(written(tmp_path, "web:\n\tport: 1\n"))
    assert found.startswith("config.yaml:2: not YAML: found character '\\t'")


def test_a_section_that_is_no_mapping_is_told(tmp_path: Path) -> None:
    (found,) = problems(written(tmp_path, "web: 8080\n"))
    assert found.startswith("config.yaml:1: web: expected")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    (found,) = problems(tmp_path / "config.yaml")
    assert "no such file" in found


def test_the_web_secret_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    config = load(written(tmp_path, ""), {})
    made = web_secret(config)
    assert len(made) >= 32
    assert web_secret(config) == made
    kept = tmp_path / "var" / "secret"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret"]


def test_a_web_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    config = load(written(tmp_path, ""), {})
    web_secret(config)
    (tmp_path / "var" / "secret").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        web_secret(config)


def test_the_environments_web_secret_leaves_no_file(tmp_path: Path) -> None:
    config = load(written(tmp_path, ""), {"CHIKA_WEB_SECRET": "s" * 32})
    assert web_secret(config) == Secret("s" * 32)
    assert not (tmp_path / "var").exists()


def test_a_config_cannot_be_changed(tmp_path: Path) -> None:
    config = load(written(tmp_path, ""), {})
    with pytest.raises(AttributeError):
        config.web.port = 1  # type: ignore[misc]
