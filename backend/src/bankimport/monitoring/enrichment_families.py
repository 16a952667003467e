"""Metrics of enrichment: its results, and the number and cost of model calls."""

from sqlalchemy import func, select

from bankimport.enrichment.models import LlmCall
from bankimport.monitoring.family import Family
from bankimport.pricing.prices import month_start

GAUGES = (
    Family(
        "bankimport_enrichment_jobs",
        "Enrichment jobs by status.",
        ("status",),
        "SELECT job_status, count(*) FROM truelayer_enrichment_jobs GROUP BY 1",
    ),
    Family(
        "bankimport_enrichment_rows_last_day",
        "Rows of enrichments started within the last day, by outcome: with_category, unknown, failed.",
        ("outcome",),
        "SELECT outcome, coalesce(sum(count), 0) FROM truelayer_enrichment_jobs CROSS JOIN LATERAL (VALUES "
        "('with_category', successful), ('failed', failed), ('unknown', processed - successful - failed)) "
        "AS rows(outcome, count) WHERE started_at > :now - interval '1 day' GROUP BY 1",
    ),
    Family(
        "bankimport_llm_calls_last_hour",
        "Model calls within the last hour, by model and status; reserved: not answered yet, or never.",
        ("model", "outcome"),
        "SELECT model, status, count(*) FROM llm_calls WHERE called_at > :now - interval '1 hour' GROUP BY 1, 2",
    ),
    Family(
        "bankimport_llm_tokens_last_day",
        "Tokens of model calls within the last day, by model and kind: input, cached (part of input), output.",
        ("model", "kind"),
        "SELECT model, kind, sum(tokens) FROM llm_calls CROSS JOIN LATERAL (VALUES "
        "('input', input_tokens), ('cached', cached_tokens), ('output', output_tokens)) AS kinds(kind, tokens) "
        "WHERE called_at > :now - interval '1 day' GROUP BY 1, 2",
    ),
    Family(
        "bankimport_llm_cost_last_day",
        "Cost of model calls within the last day, by model and currency; excludes calls of unknown price.",
        ("model", "currency"),
        "SELECT model, currency, sum(cost) FROM llm_calls "
        "WHERE called_at > :now - interval '1 day' AND cost IS NOT NULL GROUP BY 1, 2",
    ),
    Family(
        "bankimport_llm_calls_of_unknown_price_last_day",
        "Model calls of unknown price within the last day.",
        (),
        "SELECT count(*) FROM llm_calls WHERE called_at > :now - interval '1 day' AND cost IS NULL",
    ),
    Family(
        "bankimport_llm_call_seconds_last_hour",
        "Response time of models within the last hour, by quantile.",
        ("quantile",),
        "SELECT quantile::text, percentile / 1000 FROM (SELECT unnest(ARRAY[0.5, 0.95, 0.99]) AS quantile, "
        "unnest(percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency_ms)) AS percentile "
        "FROM llm_calls WHERE called_at > :now - interval '1 hour' AND latency_ms IS NOT NULL) AS found "
        "WHERE percentile IS NOT NULL",
    ),
    Family(
        "bankimport_llm_cost_this_month",
        "Cost of model calls in this calendar month (UTC), by currency; reserved calls count at their maximum.",
        ("currency",),
        lambda now: (
            select(LlmCall.currency, func.sum(LlmCall.cost))
            .where(LlmCall.called_at >= month_start(now), LlmCall.cost.is_not(None))
            .group_by(LlmCall.currency)
        ),
    ),
)
