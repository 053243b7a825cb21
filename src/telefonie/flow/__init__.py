"""Call-flow documents: reading them, and running them. Pure: no clock, no world."""
