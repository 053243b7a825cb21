"""The command line: `telefonie serve`, `listen`, `migrate`, `version`."""
