"""The HTTP kit that every face is built from: reading requests, naming problems, documenting answers."""
