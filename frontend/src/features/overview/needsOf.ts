import type { Overview } from "../../api/types";
import { counted } from "../../lib/formatCount";

export type Need = { text: string; action: string; to: string };

/** What waits for the user, the most urgent first. */
export function needsOf({ banks, failed, counts, is_queue_paused }: Overview): Need[] {
  const needs: Need[] = [];
  for (const bank of banks) {
    if (bank.consent_state === "ended") {
      needs.push({ text: `The consent to ${bank.bank} has ended.`, action: "Reconnect", to: "/connections" });
    } else if (bank.consent_state === "ending") {
      const left = bank.consent_days_left ? `in ${counted(bank.consent_days_left, "day")}` : "within a day";
      needs.push({ text: `The consent to ${bank.bank} ends ${left}.`, action: "Extend it", to: "/connections" });
    }
    if (bank.broken_days > 0) {
      const account = bank.broken_account_id === null ? "" : `?account=${bank.broken_account_id}`;
      const days = `${counted(bank.broken_days, "day")} of ${bank.bank} ${bank.broken_days === 1 ? "does" : "do"}`;
      needs.push({ text: `${days} not add up.`, action: "Look at them", to: `/proof${account}` });
    }
    if (bank.consent_state !== "ended" && bank.accounts > 0 && bank.accounts_never_imported === bank.accounts) {
      const to = `/imports/new?connection=${bank.connection_id}&range=all`;
      needs.push({ text: `Nothing of ${bank.bank} is imported yet.`, action: "Import", to });
    }
  }
  for (const job of failed) {
    const words = job.status === "partly_failed" ? "failed in part" : "failed";
    needs.push({
      text: `The newest import of ${job.bank} ${words}.`,
      action: `Open import ${job.job_id}`,
      to: `/imports/${job.job_id}`,
    });
  }
  if (counts.reviews > 0) {
    needs.push({ text: `${counted(counts.reviews, "row")} to review.`, action: "Decide", to: "/review" });
  }
  if (counts.transfers > 0) {
    const text = `${counted(counts.transfers, "suggested transfer")} to confirm.`;
    needs.push({ text, action: "Decide", to: "/transfers" });
  }
  if (is_queue_paused) {
    needs.push({ text: "All imports are paused.", action: "Open the queue", to: "/queue" });
  }
  return needs;
}
