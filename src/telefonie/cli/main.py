"""The only module that knows the words of the command line; each command loads its own code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Final

from telefonie import __version__
from telefonie.cli.refusal import or_refusal
from telefonie.settings import (
    OPTIONS,
    SECRET_VARIABLE,
    BadSetting,
    Option,
    Settings,
    default_of,
    given_secret,
    present_settings,
    unknown_variables,
)

_PLACES: Final = ("data", "database_url", "ephemeral")
_FOR_STORES: Final = ("data", "database_url", "listen_url", "log_format", "log_level")
_FOR_ARCHIVES: Final = (*_FOR_STORES, "media", "media_endpoint", "region")
_FOR_TRUST: Final = ("public_url", "tls_names", "tls_folder", "data")
_FOR_INIT: Final = ("tls_folder", "data")
_EXAMPLES: Final = """\
Every option has a variable; an option given on the command line comes first.
  telefonie serve                                        try it: keys and secret are printed
  telefonie serve --port 0 --ephemeral --clock manual    for a test run
  telefonie serve --database-url postgresql://user:password@host:5432/name --workers 4
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code."""
    words = _parser().parse_args(arguments)
    return or_refusal(lambda: _run(words))


def _run(words: argparse.Namespace) -> int:
    # Each command pays for its own imports only; `serve` has to be up in a second.
    match words.command:
        case "serve":
            from telefonie.cli.serve import serve  # noqa: PLC0415

            return serve(_settings(words))
        case "migrate":
            from telefonie.cli.migrate import migrate  # noqa: PLC0415

            return migrate(_settings(words))
        case "archive":
            from telefonie.cli.archive import check  # noqa: PLC0415

            # A place of media that is named alone is a copy: there is no store beside it.
            files_only = words.media is not None and words.data is None and words.database_url is None
            return check(_settings(words), files_only=files_only)
        case "trust":
            from telefonie.cli import tls, trust  # noqa: PLC0415

            # Whether there is an https port, and which, is for `serve` to know.
            return trust.trust(_settings(words, {"tls": "yes"}), tls.wall(), path_only=words.path)
        case "vonage":
            return _vonage(words)
        case "listen":
            from telefonie.cli.listen import Wish, listen  # noqa: PLC0415
            from telefonie.cli.signatures import Secrets  # noqa: PLC0415

            secrets = Secrets(words.secret or given_secret(), words.signature_secret)
            return listen(Wish(words.host, words.port, secrets, words.fail, words.count, words.bodies))
        case _:
            print(f"telefonie {__version__}")
            return 0


def _vonage(words: argparse.Namespace) -> int:
    if words.task == "token":
        from telefonie.cli import tokens  # noqa: PLC0415

        return tokens.token(tokens.Wish(words.file, words.application, words.seconds))
    from telefonie.cli import vonage  # noqa: PLC0415

    wish = vonage.Wish(words.url, words.tls_url, words.key, words.file, words.application, force=words.force)
    return vonage.init(_settings(words), wish)


def _settings(words: argparse.Namespace, fixed: Mapping[str, str] = MappingProxyType({})) -> Settings:
    given = {option.name: getattr(words, option.name, None) for option in OPTIONS} | dict(fixed)
    try:
        settings = present_settings({name: text for name, text in given.items() if text is not None})
    except BadSetting as error:
        print(f"telefonie: {error}", file=sys.stderr, flush=True)
        sys.exit(2)
    for name in unknown_variables():
        print(f"telefonie: there is no setting {name}; it is ignored", file=sys.stderr, flush=True)
    return settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "telefonie", description="A programmable-voice cloud on your own machine.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"telefonie {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # Written in full or not at all: an abbreviation that works today is ambiguous with the next option.
    serve = commands.add_parser(
        "serve",
        help="run the server",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_options(serve, OPTIONS)
    listen = commands.add_parser(
        "listen", help="receive callbacks, check their signatures, and print them", allow_abbrev=False
    )
    _add_listen(listen)
    migrate = commands.add_parser(
        "migrate", help="bring the store to this version's schema, and exit", allow_abbrev=False
    )
    _add_options(migrate, [option for option in OPTIONS if option.name in _FOR_STORES])
    archive = commands.add_parser("archive", help="look after the compliance archive", allow_abbrev=False)
    tasks = archive.add_subparsers(dest="task", required=True, metavar="TASK")
    verify = tasks.add_parser(
        "verify",
        help="check that nothing in the compliance archive was changed",
        description="Check the chain of every account and every file. With --media alone, the files are checked "
        "by themselves: then it is not noticed when the last entries are missing. Exit code 1: something is wrong.",
        allow_abbrev=False,
    )
    _add_options(verify, [option for option in OPTIONS if option.name in _FOR_ARCHIVES])
    trust = commands.add_parser(
        "trust",
        help="print how to trust the local certificate authority, which is made if there is none yet",
        description="Print how curl, Python, Node, Java, browsers and others trust the authority by which "
        "`serve --tls` and `serve --tls-port` are certified. Give it the names and folders that `serve` gets. "
        "It is made if there is none yet, and installed nowhere.",
        allow_abbrev=False,
    )
    trust.add_argument("--path", action="store_true", help="print nothing but the path of its certificate")
    _add_options(trust, [option for option in OPTIONS if option.name in _FOR_TRUST])
    vonage = commands.add_parser(
        "vonage", help="set the vendor's SDKs up for this server", allow_abbrev=False
    )
    tasks = vonage.add_subparsers(dest="task", required=True, metavar="TASK")
    init = tasks.add_parser(
        "init",
        help="give an application a key, and print the settings for each SDK",
        description="Make a pair of RSA keys, write the private one to a file and send the server the public one. The "
        "application's signature secret is made anew, too. Folders are asked for the certificate authority only.",
        allow_abbrev=False,
    )
    _add_init(init)
    token = tasks.add_parser(
        "token",
        help="print a token, for curl",
        description="Sign a token of an application with its private key, and print it.",
        allow_abbrev=False,
    )
    _add_token(token)
    commands.add_parser("version", help="print the version")
    return parser


def _add_options(parser: argparse.ArgumentParser, options: Iterable[Option]) -> None:
    for title, members in groupby(options, lambda option: option.group):
        group = parser.add_argument_group(title)
        each = list(members)
        places = group.add_mutually_exclusive_group() if any(one.name in _PLACES for one in each) else group
        for option in each:
            _add_option(places if option.name in _PLACES else group, option)


def _add_option(group: argparse._ActionsContainer, option: Option) -> None:
    about = f"{option.help} ({option.variable}, default {default_of(option)})".replace("%", "%%")
    if option.secret:
        # An argument that takes nothing and does nothing, so that the help lists the variable.
        group.description = "\n".join([group.description or "", f"{option.variable}: {option.help}"]).strip()
    elif option.metavar:
        group.add_argument(option.flag, metavar=option.metavar, help=about)
    elif default_of(option) == "yes":
        flag = "--no-" + option.flag.removeprefix("--")
        group.add_argument(flag, dest=option.name, action="store_const", const="no", help=f"do not {about}")
    else:
        group.add_argument(option.flag, action="store_const", const="yes", help=about)


def _add_init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--url",
        default="http://127.0.0.1:8080",
        help="where the server is (default http://127.0.0.1:8080)",
    )
    parser.add_argument("--tls-url", metavar="URL", help="its https address, if it has one beside that")
    parser.add_argument(
        "--key", help="the account's API key (TELEFONIE_API_KEY, default that of the development account)"
    )
    _add_application(parser, "where the private key goes")
    parser.add_argument("--force", action="store_true", help="overwrite the file")
    _add_options(parser, [option for option in OPTIONS if option.name in _FOR_INIT])


def _add_token(parser: argparse.ArgumentParser) -> None:
    _add_application(parser, "where the private key is")
    parser.add_argument(
        "--seconds", type=int, default=900, metavar="N", help="how long it is good (default 900)"
    )


def _add_application(parser: argparse.ArgumentParser, place: str) -> None:
    parser.add_argument(
        "--file", type=Path, default=Path("private.key"), help=f"{place} (default private.key)"
    )
    parser.add_argument(
        "--application", metavar="ID", help="which application (default that of the development account)"
    )


def _add_listen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=9000, help="port to listen on (default 9000); 0 picks a free one"
    )
    parser.add_argument(
        "--secret",
        metavar="whsec_...",
        help=f"check signatures with it, as `telefonie serve` prints it ({SECRET_VARIABLE})",
    )
    parser.add_argument(
        "--signature-secret",
        metavar="SECRET",
        help="check bearer tokens with it, as `telefonie vonage init` prints it",
    )
    parser.add_argument(
        "--fail",
        type=int,
        default=0,
        metavar="N",
        help="answer 503 to the first N requests, to see them come again",
    )
    parser.add_argument("--count", type=int, metavar="N", help="end after N callbacks")
    parser.add_argument("--bodies", action="store_true", help="print the bodies too")
