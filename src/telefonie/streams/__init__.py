"""Connections to programs that listen and talk: paced, guarded, bounded. What is said on them a codec words."""

from telefonie.streams.sockets import ProgramSockets
from telefonie.streams.wire import Patience

__all__ = ["Patience", "ProgramSockets"]
