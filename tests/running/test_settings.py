"""Every setting is read as people write it, and a wrong one is told in their words."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

from telefonie import settings as settings_module
from telefonie.core.clocks import Mode
from telefonie.settings import OPTIONS, BadSetting, Settings, default_of, from_environment, is_loopback

DATABASE = "postgresql://user:secret@db:5432/calls"
KEYS = {"TELEFONIE_API_KEY": "an-api-key-of-ours", "TELEFONIE_ADMIN_KEY": "an-admin-key-of-ours"}


def read(**variables: str) -> Settings:
    return from_environment({f"TELEFONIE_{name.upper()}": text for name, text in variables.items()})


def test_without_variables_everything_is_at_its_default() -> None:
    assert from_environment({}) == Settings()
    assert from_environment({option.variable: "" for option in OPTIONS}) == Settings()


def test_each_field_has_one_option_and_each_option_a_field() -> None:
    assert sorted(option.name for option in OPTIONS) == sorted(field.name for field in fields(Settings))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("host", "::1", "::1"),
        ("host", "[::1]", "::1"),
        ("host", "localhost", "localhost"),
        ("port", "0", 0),
        ("port", " 65535 ", 65535),
        ("tls", "yes", True),
        ("tls_port", "0", 0),
        ("tls_folder", "/etc/telefonie/tls", Path("/etc/telefonie/tls")),
        ("data", "/var/lib/telefonie", Path("/var/lib/telefonie")),
        ("database_url", "postgres://u:p@h/n", "postgresql+asyncpg://u:p@h/n"),
        (
            "database_url",
            "postgresql://h:5433/n?sslmode=require",
            "postgresql+asyncpg://h:5433/n?sslmode=require",
        ),
        ("database_url", "postgresql+asyncpg://u@h/n", "postgresql+asyncpg://u@h/n"),
        ("ephemeral", "yes", True),
        ("ephemeral", "FALSE", False),
        ("migrate", "0", False),
        ("migrate", "on", True),
        ("workers", "1", 1),
        ("postmen", "64", 64),
        ("clock", "Manual", Mode.MANUAL),
        ("clock", "auto", Mode.AUTO),
        ("api_key", "k" * 8, "k" * 8),
        ("admin_key", "k" * 256, "k" * 256),
        ("allow_private_targets", "10.86.80.0/24", (ipaddress.ip_network("10.86.80.0/24"),)),
        (
            "allow_private_targets",
            "10.0.0.0/8, fd00::/8 192.168.1.5",
            tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "fd00::/8", "192.168.1.5/32"))),
        ),
        ("allowed_hosts", "a.example.com,*.example.org", ("a.example.com", "*.example.org")),
        (
            "cors_origins",
            "https://app.example.com http://localhost:3000",
            ("https://app.example.com", "http://localhost:3000"),
        ),
        ("cors_origins", "*", ("*",)),
        ("public_url", "https://voice.example.com/", "https://voice.example.com"),
        ("log_format", "JSON", "json"),
        ("log_level", "Debug", "debug"),
    ],
)
def test_a_setting_is_read(name: str, text: str, value: object) -> None:
    assert getattr(read(**{name: text}), name) == value


def test_every_value_has_the_type_of_its_field() -> None:
    texts = {
        "host": "127.0.0.1", "port": "1", "data": "d", "database_url": DATABASE, "listen_url": DATABASE,
        "ephemeral": "no", "migrate": "no", "workers": "2", "postmen": "2", "clock": "auto",
        "api_key": "k" * 9, "admin_key": "a" * 9,
        "allow_private_targets": "10.0.0.0/8", "allowed_hosts": "a", "cors_origins": "*", "public_url": "http://a",
        "trusted_authorities": "ca.pem",
        "log_format": "json", "log_level": "debug", "callback_timeout": "5", "lease_seconds": "20",
        "media_seconds": "60",
        "tls": "no", "tls_port": "8443", "tls_folder": "t", "tls_certificate": "c.pem", "tls_key": "k.pem",
        "media": "s3://bucket/below/", "media_endpoint": "http://localhost:9000", "region": "eu-west-1",
    }  # fmt: skip
    apart = {"tls": "yes", "tls_names": "voice.test"}  # not beside a certificate of one's own
    assert texts.keys() | apart.keys() == {option.name for option in OPTIONS}
    readings = ((texts, read(**texts)), (apart, read(**apart)))
    for name, hint in get_type_hints(Settings, vars(settings_module)).items():
        plain = getattr(hint, "__origin__", None) or hint
        assert all(isinstance(getattr(given, name), plain) for texts, given in readings if name in texts), (
            name
        )


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("host", "http://localhost", "host name or an address"),
        ("host", "a b", "host name or an address"),
        ("port", "http", "whole number from 0 to 65535"),
        ("port", "-1", "whole number"),
        ("port", "65536", "whole number"),
        ("port", "9" * 40, "whole number"),
        ("port", "\u0661", "whole number"),
        ("data", "  ", "folder"),
        ("database_url", "mysql://h/n", "postgresql://user:password@host"),
        ("database_url", "sqlite:///x.db", "--data"),
        ("database_url", "h:5432/n", "postgresql://"),
        ("database_url", "postgresql://h:5432", "names no database"),
        ("database_url", "postgresql://u:pa:ss/word@h:x/n", "percent-encoded"),
        ("ephemeral", "perhaps", "neither yes nor no"),
        ("workers", "0", "from 1 to 256"),
        ("clock", "fast", "realtime, auto, manual"),
        ("api_key", "short", "8 to 256"),
        ("api_key", "with space inside", "without spaces"),
        ("api_key", "schl\u00fcssel-lang", "ASCII"),
        ("allow_private_targets", "10.0.0.0/99", "'10.0.0.0/99'"),
        ("allow_private_targets", "my-network", "'my-network'"),
        ("cors_origins", "app.example.com", "'app.example.com'"),
        ("cors_origins", "https://app.example.com/path", "https://app.example.com/path"),
        ("public_url", "voice.example.com", "https://voice.example.com"),
        ("tls_port", "65536", "from 0 to 65535"),
        ("tls_names", "https://voice.test", "'https://voice.test' is no name or address"),
        ("tls_names", "*.test", "'*.test'"),
        ("tls_names", "voice.*.test", "'voice.*.test'"),
        ("tls_names", "1.2.3", "'1.2.3'"),
        ("tls_names", "m\u00fcnchen.test", "is no name"),
        ("tls_key", " ", "must name a file"),
        ("log_format", "xml", "auto, json, text"),
        ("log_level", "chatty", "debug, info"),
    ],
)
def test_a_wrong_setting_is_told_with_its_name(name: str, text: str, hint: str) -> None:
    with pytest.raises(BadSetting) as told:
        read(**{name: text})
    assert f"TELEFONIE_{name.upper()}" in str(told.value)
    assert hint in str(told.value)


def test_the_command_line_comes_first_and_is_named_in_its_errors() -> None:
    assert from_environment({"TELEFONIE_PORT": "1"}, {"port": "2"}).port == 2
    assert from_environment({"TELEFONIE_PORT": "nonsense"}, {"port": "2"}).port == 2
    with pytest.raises(BadSetting, match=r"^--port must"):
        from_environment({"TELEFONIE_PORT": "1"}, {"port": "nonsense"})


@pytest.mark.parametrize("given", [{"data": "here"}, {"ephemeral": "yes"}])
def test_a_place_on_the_command_line_sets_aside_the_places_of_the_environment(given: dict[str, str]) -> None:
    chosen = from_environment({"TELEFONIE_DATABASE_URL": DATABASE}, given)
    assert chosen.database_url is None


def test_tls_on_the_command_line_sets_aside_that_of_the_environment() -> None:
    assert from_environment({"TELEFONIE_TLS": "yes"}, {"tls_port": "0"}).tls is False
    assert from_environment({"TELEFONIE_TLS_PORT": "8443"}, {"tls": "yes"}).tls_port is None


def test_names_for_a_certificate_have_one_spelling() -> None:
    given = read(tls="yes", tls_names="Voice.TEST., *.voice.test [::1] 192.168.1.5, 0:0::1, my_host")
    assert given.tls_names == ("voice.test", "*.voice.test", "::1", "192.168.1.5", "::1", "my_host")
    called = read(tls="yes", host="localhost", public_url="https://Voice.example.com:8443/base")
    assert called.certified_names == ("localhost", "voice.example.com")
    everywhere = from_environment({"TELEFONIE_HOST": "::", "TELEFONIE_TLS": "yes", **KEYS})
    assert everywhere.certified_names == ()


def test_the_authority_lies_beside_what_is_kept_unless_a_folder_is_given() -> None:
    assert read().tls_place == Path(".telefonie/tls")
    assert read(data="/data", database_url=DATABASE).tls_place == Path("/data/tls")
    assert read(data="/data", tls_folder="/tls").tls_place == Path("/tls")


def test_a_folder_and_a_database_in_the_environment_go_together() -> None:
    assert read(data="/data", database_url=DATABASE).database_url is not None


@pytest.mark.parametrize(
    ("variables", "hint"),
    [
        ({"ephemeral": "yes", "database_url": DATABASE}, "exclude each other"),
        ({"listen_url": DATABASE}, "goes with --database-url"),
        ({"workers": "2"}, "--workers 2 needs Postgres"),
        ({"lease_seconds": "15", "callback_timeout": "15"}, "must be more than --callback-timeout"),
        ({"api_key": "the-same-key", "admin_key": "the-same-key"}, "must differ"),
        ({"tls": "yes", "tls_port": "8443"}, "give one of them"),
        ({"tls_port": "8443", "port": "8443"}, "both 8443; for https alone, give --tls"),
        ({"tls": "yes", "tls_key": "key.pem"}, "goes with --tls-certificate"),
        ({"tls": "yes", "tls_certificate": "c.pem", "tls_names": "voice.test"}, "has its names already"),
        ({"tls_certificate": "c.pem"}, "--tls-certificate does nothing without --tls or --tls-port"),
        ({"tls_names": "voice.test"}, "--tls-names does nothing without --tls or --tls-port"),
        ({"tls": "yes", "public_url": "https://voice..test"}, "'voice..test' is no name or address"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(variables: dict[str, str], hint: str) -> None:
    with pytest.raises(BadSetting, match=hint):
        read(**variables)


@pytest.mark.parametrize("host", ["::", "192.168.1.10", "voice.example.com"])
def test_an_open_door_needs_both_keys(host: str) -> None:
    with pytest.raises(BadSetting) as told:
        read(host=host)
    assert "export TELEFONIE_API_KEY=" in str(told.value)
    assert "export TELEFONIE_ADMIN_KEY=" in str(told.value)
    with pytest.raises(BadSetting) as told:
        from_environment({"TELEFONIE_HOST": host, "TELEFONIE_API_KEY": KEYS["TELEFONIE_API_KEY"]})
    assert "export TELEFONIE_API_KEY=" not in str(told.value)
    assert from_environment({"TELEFONIE_HOST": host, **KEYS}).host == host


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("a.localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - read, not listened on
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example.com", False),
        ("", False),
    ],
)
def test_loopback_is_what_certainly_is_this_machine(host: str, *, local: bool) -> None:
    assert is_loopback(host) is local


def test_a_direct_address_for_listening_means_that_a_pooler_stands_before_the_rest() -> None:
    assert not read(database_url=DATABASE).pooled
    assert read(database_url=DATABASE, listen_url=DATABASE).pooled


def test_secrets_are_known_so_that_logs_can_leave_them_out() -> None:
    given = from_environment({"TELEFONIE_DATABASE_URL": "postgresql://u:p%40ssword@h/n", **KEYS})
    assert set(given.secrets) == {*KEYS.values(), "p%40ssword", "p@ssword"}


def test_defaults_are_shown_as_people_would_write_them() -> None:
    shown = {option.name: default_of(option) for option in OPTIONS}
    assert json.loads(json.dumps(shown)) == {
        "host": "127.0.0.1", "port": "8080", "public_url": "none", "data": ".telefonie", "database_url": "none",
        "listen_url": "none", "ephemeral": "no", "migrate": "yes", "api_key": "none", "admin_key": "none",
        "allow_private_targets": "none", "trusted_authorities": "none", "allowed_hosts": "none",
        "cors_origins": "none", "clock": "realtime",
        "workers": "1", "postmen": "256", "callback_timeout": "15", "lease_seconds": "30",
        "media_seconds": "86400", "log_format": "auto", "log_level": "info",
        "media": "none", "media_endpoint": "none", "region": "local",
        "tls": "no", "tls_port": "none", "tls_names": "none", "tls_folder": "none", "tls_certificate": "none",
        "tls_key": "none",
    }  # fmt: skip


def test_media_lie_inside_the_folder_of_the_store_unless_they_are_put_elsewhere() -> None:
    assert read(data="kept").media_place == "kept/media"
    assert read(data="kept", media="/shared").media_place == "/shared"
    assert read(media="s3://recordings/below/").media_place == "s3://recordings/below"


@pytest.mark.parametrize(
    "place", ["s3://", "s3://UPPER/x", "ftp://bucket", "s3://bucket//x", "s3://bucket/.hidden/"]
)
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(BadSetting, match=r"^TELEFONIE_MEDIA must name a folder, or a bucket"):
        read(media=place)


def test_an_endpoint_without_a_bucket_is_refused() -> None:
    with pytest.raises(BadSetting, match="goes with --media s3://"):
        read(media_endpoint="http://localhost:9000")


@pytest.mark.parametrize("region", ["EU", "-eu", "a" * 33, "eu/west", ".."])
def test_a_region_is_a_part_of_a_path(region: str) -> None:
    with pytest.raises(BadSetting, match="small letters, digits and hyphens"):
        read(region=region)
