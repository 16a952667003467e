/** The names of fields and values in lists of changes. */
import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { listed } from "./listed";

const FIELDS: Record<string, MessageDescriptor> = {
  merchant: msg`merchant`,
  category: msg`category`,
  merchant_source: msg`merchant from`,
  category_source: msg`category from`,
  description: msg`description`,
  amount: msg`amount`,
  date: msg`day`,
  timestamp: msg`time`,
  status: msg`status`,
  running_balance: msg`balance after`,
  transaction_id: msg`TrueLayer's id`,
  provider_transaction_id: msg`the bank's id`,
  normalised_provider_transaction_id: msg`the bank's stable id`,
  transaction_category: msg`kind`,
  transaction_type: msg`debit or credit`,
  classification: msg`classification`,
  currency: msg`currency`,
  still_pending: msg`still listed as pending`,
};

/** The name of a row's field; null for fields that are not shown. */
export function fieldWords(name: string): string | null {
  if (
    ["content_hash", "meta", "raw_response_id", "raw_position", "import_job_id", "has_time", "flags"].includes(name)
  ) {
    return null;
  }
  const words = FIELDS[name];
  return words === undefined ? name.replaceAll("_", " ") : t(words);
}

/** A value of a row as text. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined || value === "") return t`none`;
  if (Array.isArray(value)) return listed(value.map(String)) || t`none`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
