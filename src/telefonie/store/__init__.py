"""The only floor that knows SQL: plain functions over a synchronous Core connection."""
