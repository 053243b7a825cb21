"""The only module that words how each of the vendor's SDKs is pointed at this server."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

USUAL: Final = "https://localhost:8443"

# Words in capital letters are filled in. What is indented is meant to be pasted.
_PYTHON: Final = """\
Python, vonage 4
    from vonage import Auth, HttpClientOptions, Vonage
    client = Vonage(
        Auth(application_id="APPLICATION", private_key="KEY"),
        HttpClientOptions(api_host="SECURE"),
    )

Python, vonage 3
    import vonage
    client = vonage.Client(application_id="APPLICATION", private_key="KEY")
    client.api_host("SECURE")

Python, nexmo 2.5 (it takes no port, so the host is set where it keeps it; needs PyJWT below 2)
    import nexmo
    client = nexmo.Client(application_id="APPLICATION", private_key="KEY")
    client._Client__api_host = "SECURE"
    voice = nexmo.Voice(client)
"""
_OTHERS: Final = """\
Node, @vonage/server-sdk
    const { Vonage } = require("@vonage/server-sdk")
    const vonage = new Vonage({ applicationId: "APPLICATION", privateKey: "KEY" }, { apiHost: "URL" })

Java
    VonageClient client = VonageClient.builder()
        .applicationId("APPLICATION").privateKeyPath("KEY")
        .httpConfig(HttpConfig.builder().apiBaseUri("URL").build())
        .build();

PHP
    $keys = new Vonage\\Client\\Credentials\\Keypair(file_get_contents("KEY"), "APPLICATION");
    $client = new Vonage\\Client($keys, ["base_api_url" => "URL"]);

.NET, version 7 and newer: appsettings.json
    {"vonage": {"Url.Api": "URL", "Application.Id": "APPLICATION", "Application.Key": "KEY"}}

Go
    key, _ := os.ReadFile("KEY")
    auth, _ := vonage.CreateAuthFromAppPrivateKey("APPLICATION", key)
    client := vonage.NewVoiceClient(auth)
    client.Config.BasePath = "URL/v1/calls"
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server is. `secure` None: nobody said whether it has an https port."""

    url: str
    secure: str | None
    authority: Path | None  # what has to be trusted there


def told(place: Place, application: str, key: Path) -> Iterator[str]:
    """The settings for every SDK."""
    secure = urlsplit(place.secure or USUAL)
    filled = {
        "APPLICATION": application,
        "KEY": key.as_posix(),
        "SECURE": secure.netloc + secure.path.rstrip("/"),
        "URL": place.url,
    }
    yield "The SDKs for Python speak https only; those below take http, too."
    if place.secure is None:
        yield f"    telefonie serve --tls-port {secure.port}    # has the port that is named here"
    if place.authority is None:
        yield "    telefonie trust    # makes the authority, and says how it is trusted"
    else:
        file = shlex.quote(str(place.authority))
        yield f"    export REQUESTS_CA_BUNDLE={file}    # Python"
        yield f"    export NODE_EXTRA_CA_CERTS={file}    # Node, where it is to use https"
    yield ""
    text = f"{_PYTHON}\n{_OTHERS}"
    for word, value in filled.items():
        text = text.replace(word, value)
    yield text.rstrip()
