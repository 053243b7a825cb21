"""The only module that knows the short way to a handler, past all that FastAPI does for those who need it.

A direct handler takes the request and nothing else. It reads query, body and key by `reading` and `access`, so
a missing key is told before anything else, and `openapi.operation` documents it. FastAPI still draws the
document of such routes and answers for paths and methods that nobody takes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeAlias

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

Handler: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]


class Direct(APIRoute):
    """A route whose handler, if it asks for nothing but the request, gets it as it is."""

    direct: Handler | None = None

    def get_route_handler(self) -> Handler:
        """The handler itself, where that is possible."""
        parameters = list(inspect.signature(self.endpoint, eval_str=True).parameters.values())
        if len(parameters) == 1 and parameters[0].annotation is Request:
            self.direct = self.endpoint
            return self.endpoint
        return super().get_route_handler()


def find(routes: Sequence[BaseRoute], scope: Scope) -> Handler | None:
    """The handler of a request, if the short way leads to it."""
    if scope["type"] != "http":
        return None
    path, root = scope["path"], scope.get("root_path", "")
    if root and path.startswith(root):
        path = path[len(root) :]
    for route in routes:
        if not isinstance(route, Direct):
            if isinstance(route, Route) and route.path == path:
                return None  # a page of the documents, which stands before whatever else its path could mean
            continue
        match = route.path_regex.match(path)
        if match is None or route.methods is None or scope["method"] not in route.methods:
            continue
        found = match.groupdict()
        scope["route"] = route
        scope["path_params"] = {name: route.param_convertors[name].convert(found[name]) for name in found}
        return route.direct
    return None
