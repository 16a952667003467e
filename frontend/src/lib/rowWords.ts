/** The names of fields and values in lists of changes. */

const FIELDS: Record<string, string> = {
  merchant: "merchant",
  category: "category",
  merchant_source: "merchant from",
  category_source: "category from",
  description: "description",
  amount: "amount",
  date: "day",
  timestamp: "time",
  status: "status",
  running_balance: "balance after",
  transaction_id: "TrueLayer's id",
  provider_transaction_id: "the bank's id",
  normalised_provider_transaction_id: "the bank's stable id",
  transaction_category: "kind",
  transaction_type: "debit or credit",
  classification: "classification",
  currency: "currency",
  still_pending: "still listed as pending",
};

/** The name of a row's field; null for fields that are not shown. */
export function fieldWords(name: string): string | null {
  if (
    ["content_hash", "meta", "raw_response_id", "raw_position", "import_job_id", "has_time", "flags"].includes(name)
  ) {
    return null;
  }
  return FIELDS[name] ?? name.replaceAll("_", " ");
}

/** A value of a row as text. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(String).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
