"""The record: one row a movement, where it came from, and every change made to it."""
