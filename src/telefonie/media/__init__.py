"""Everything that knows what a sound is; the server's own process never reads one."""

from telefonie.media.measure import SoundMeasurer

__all__ = ["SoundMeasurer"]
