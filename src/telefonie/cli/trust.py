"""The only module that tells people how to trust the local authority. It installs nothing anywhere."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from telefonie.cli import authority
from telefonie.cli.certificates import fingerprint, public_of, realm_of
from telefonie.cli.logs import log_to_stderr
from telefonie.cli.refusal import Refusal
from telefonie.cli.serve import print_now
from telefonie.settings import Settings

# AUTHORITY is its file. What is indented is meant to be pasted, on Linux, macOS or in Git's shell on Windows.
_HOW: Final = """\
curl
    curl --cacert AUTHORITY https://localhost:8443/readyz
    export CURL_CA_BUNDLE=AUTHORITY

Python: requests, and what is made with it
    export REQUESTS_CA_BUNDLE=AUTHORITY

Python: ssl, urllib, aiohttp, httpx
    export SSL_CERT_FILE=AUTHORITY

Both at once, beside the public authorities, for programs that call others, too
    cat "$(python -m certifi)" AUTHORITY > authorities.pem
    export REQUESTS_CA_BUNDLE="$PWD/authorities.pem" SSL_CERT_FILE="$PWD/authorities.pem"

Node, beside the public authorities; before the program starts
    export NODE_EXTRA_CA_CERTS=AUTHORITY

Java, beside the public authorities: a store of its own
    cp "$JAVA_HOME/lib/security/cacerts" telefonie.truststore
    keytool -importcert -noprompt -alias telefonie -file AUTHORITY \\
      -keystore telefonie.truststore -storepass changeit
    export JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=$PWD/telefonie.truststore"

PHP
    php -d curl.cainfo=AUTHORITY -d openssl.cafile=AUTHORITY program.php

Go, Ruby and .NET on Linux
    export SSL_CERT_FILE=AUTHORITY

The whole system, for Go, Ruby, .NET, PHP and most browsers
    Debian, Ubuntu    sudo cp AUTHORITY /usr/local/share/ca-certificates/telefonie.crt && sudo update-ca-certificates
    Fedora, Arch      sudo trust anchor AUTHORITY
    macOS             security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db AUTHORITY
    Windows           certutil -user -addstore Root AUTHORITY

Browsers with a store of their own
    Chrome on Linux   certutil -d sql:"$HOME/.pki/nssdb" -A -t C,, -n telefonie -i AUTHORITY
    Firefox           Settings, Privacy & Security, View Certificates, Authorities, Import
"""


def trust(settings: Settings, now: datetime, *, path_only: bool) -> int:
    """Print how, or just which file; the exit code. An authority that is not there yet is made."""
    log_to_stderr(settings)
    if settings.tls_certificate:
        raise Refusal(
            f"The server is set up to show {settings.tls_certificate} (TELEFONIE_TLS_CERTIFICATE), which is not "
            "of our making: trust whoever issued it."
        )
    file = authority.keep(settings.tls_place, settings.certified_names, now).authority.absolute()
    print_now(str(file) if path_only else "\n".join(_told(file)))
    return 0


def _told(file: Path) -> Iterator[str]:
    shown = public_of(file.read_bytes())
    yield "The certificates of this server are signed by an authority of its own. To trust it, trust this file:"
    yield f"    {file}"
    yield f"    good until {shown.not_valid_after_utc:%Y-%m-%d}, for {', '.join(sorted(realm_of(shown)))} and no other"
    yield f"    SHA-256 {fingerprint(shown)}"
    yield "Nothing was installed anywhere. Take what you need:"
    yield ""
    yield _HOW.replace("AUTHORITY", shlex.quote(str(file))).rstrip()
