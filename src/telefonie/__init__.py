"""The only place that names Telefonie's version; it imports nothing, so any floor may be loaded alone."""

__version__ = "0.1.0"
