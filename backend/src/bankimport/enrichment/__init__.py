"""Enrichment: the merchant and category of each row, by rules, corrections, cache, the bank's word, then a model."""
