"""Journeys that share one set of separate processes; whatever they kill they start again."""
