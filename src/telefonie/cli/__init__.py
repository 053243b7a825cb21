"""The command line: `telefonie serve`, `listen`, `migrate`, `archive`, `trust`, `version`."""
