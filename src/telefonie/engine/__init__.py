"""Decide, commit, act: what turns requests and due moments into decisions, and decisions into acts."""
