"""Metrics and health, read from the record by the features' own predicates.

health               is it working, and is the data fresh
record_metrics       read all families from the database
family               one metric family read from the record
import_families      families about imports
enrichment_families  families about enrichment
held_families        families about what is stored
operation_families   families about processes and schedules
facts                statements that metrics and health share
"""
