"""Simulates TrueLayer's Data API v1 and the banks behind it, over real HTTP; imports nothing from bankimport."""
