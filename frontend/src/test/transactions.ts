import type { Transaction } from "../api/types";

/** A booked row of an account; pass what differs. */
export function aTransaction(more: Partial<Transaction> = {}): Transaction {
  return {
    id: "1",
    account_id: "7",
    status: "booked",
    date: "2026-03-05",
    timestamp: "2026-03-05T00:00:00Z",
    has_time: false,
    amount: "-3.50",
    currency: "GBP",
    description: "COFFEE BAR",
    merchant: null,
    merchant_source: null,
    category: null,
    category_source: null,
    transaction_type: "DEBIT",
    transaction_category: "PURCHASE",
    classification: [],
    running_balance: "10.00",
    flags: [],
    still_pending: false,
    transfer: null,
    import_job_id: "1",
    ...more,
  };
}
