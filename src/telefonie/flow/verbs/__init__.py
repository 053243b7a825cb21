"""The verbs, one file each, found by scan: a module here names its spellings in `SPELLINGS`."""
