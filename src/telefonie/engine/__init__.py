"""Decide, commit, act: the floor that turns requests and due moments into decisions, and decisions into acts."""
