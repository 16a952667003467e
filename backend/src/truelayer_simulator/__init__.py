"""Simulates TrueLayer's Data APIs v1 and v3 and the banks behind them, over HTTP; imports nothing from bankimport."""
