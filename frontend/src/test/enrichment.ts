import type { components } from "../api/schema.gen";

type Schemas = components["schemas"];

/** A completed enrichment job; pass what differs. */
export function anEnrichment(more: Partial<Schemas["EnrichmentRead"]> = {}): Schemas["EnrichmentRead"] {
  return {
    id: "3",
    import_job_id: null,
    rule_id: null,
    job_status: "completed",
    uses_model: true,
    is_refresh: false,
    enrich_at: null,
    cap: null,
    cap_currency: null,
    cap_left: null,
    total_transactions: 10,
    processed: 10,
    successful: 8,
    failed: 0,
    changed: 5,
    cached_hits: 0,
    total_cost: "0",
    currency: null,
    total_tokens: 0,
    calls: 0,
    last_event_id: 1,
    error_message: null,
    next_attempt_at: null,
    created_at: "2026-03-05T10:00:00Z",
    started_at: "2026-03-05T10:00:00Z",
    completed_at: "2026-03-05T10:01:00Z",
    undone_at: null,
    is_undoable: true,
    ...more,
  };
}

/** A user's rule; pass what differs. */
export function aRule(more: Partial<Schemas["RuleRead"]> = {}): Schemas["RuleRead"] {
  return {
    id: "1",
    origin: "user",
    match: "contains",
    pattern: "corner",
    direction: null,
    merchant: null,
    category: "Groceries",
    position: 1,
    is_enabled: true,
    rows: 4,
    enrichment_job_id: null,
    ...more,
  };
}

/** A rule's preview: it changes one of three matching rows. */
export function aPreview(more: Partial<Schemas["RulePreviewRead"]> = {}): Schemas["RulePreviewRead"] {
  return {
    matching: 3,
    changing: 1,
    kept_by_user: 1,
    said_earlier: 1,
    samples: [
      {
        transaction_id: "41",
        date: "2026-03-05",
        description: "CORNER SHOP 1",
        amount: "-3.50",
        currency: "GBP",
        merchant: null,
        category: "Fuel",
        merchant_after: null,
        category_after: "Groceries",
      },
    ],
    ...more,
  };
}

const category = (id: string, name: string, parent_id: string | null, is_archived = false) => ({
  id,
  name,
  parent_id,
  colour: "#e8590c",
  is_archived,
  merged_into_id: null,
});

/** Food with Groceries under it, Fuel, and an archived one. */
export const CATEGORIES: Schemas["CategoryNode"][] = [
  category("1", "Food", null),
  category("2", "Groceries", "1"),
  category("3", "Fuel", null),
  category("4", "Old", null, true),
];
