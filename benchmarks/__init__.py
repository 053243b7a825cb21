"""Measures the server on this machine, in one go, and prints ratios with the raw figures."""
