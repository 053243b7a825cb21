"""What has sounds measured and made, and keeps files; the server's own process never reads a sound."""

from telefonie.media.measure import SoundMeasurer
from telefonie.media.places import place_of
from telefonie.media.studio import SpeechStudio

__all__ = ["SoundMeasurer", "SpeechStudio", "place_of"]
