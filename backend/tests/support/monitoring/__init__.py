"""Metrics and alerts of a whole installation.

metrics   read /metrics, like a scraper
alerting  which alerts fire on given samples
whole     an installation as alerts and health see it
"""
