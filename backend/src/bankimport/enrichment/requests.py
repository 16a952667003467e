"""Requests over HTTP and on the command line, as jobs and rules take them."""

from bankimport.enrichment.rules.rule_store import NewRule
from bankimport.enrichment.rules_schemas import RuleRequest
from bankimport.enrichment.run.jobs import NewJob
from bankimport.enrichment.schemas import EnrichmentRequest
from bankimport.money import parse_money


def new_job(request: EnrichmentRequest) -> NewJob:
    """Convert a request for `jobs`."""
    return NewJob(
        transaction_ids=request.transaction_ids,
        import_job_id=request.import_job_id,
        uses_model=request.uses_model,
        is_refresh=request.is_refresh,
        enrich_at=request.enrich_at,
        cap=parse_money(request.cap) if request.cap else None,
    )


def new_rule(request: RuleRequest) -> NewRule:
    """Convert a request for `rule_store`."""
    return NewRule(request.match, request.pattern, request.direction, request.merchant, request.category)
