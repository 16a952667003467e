"""Journeys through the page that share one running `bankimport up`; each acts for a user of its own."""
