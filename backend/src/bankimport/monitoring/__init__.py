"""Metrics and health, read from the database with the features' own predicates.

health               whether everything works and the data is fresh
record_metrics       read all families from the database
family               one metric family
import_families      families about imports
enrichment_families  families about enrichment
stored_families      families about stored accounts and days
operation_families   families about processes and schedules
facts                queries that metrics and health share
"""
