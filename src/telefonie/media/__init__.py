"""Everything that knows what a sound is; the server's own process never reads one."""

from telefonie.media.measure import SoundMeasurer
from telefonie.media.places import place_of

__all__ = ["SoundMeasurer", "place_of"]
