import { plural, t } from "@lingui/core/macro";
import type { Overview } from "../../api/types";

export type Need = { text: string; action: string; to: string };

/** What waits for the user, the most urgent first. */
export function needsOf({ banks, failed, counts, is_queue_paused }: Overview): Need[] {
  const needs: Need[] = [];
  for (const bank of banks) {
    if (bank.consent_state === "ended") {
      needs.push({
        text: t`The consent to ${{ bank: bank.bank }} has ended.`,
        action: t`Reconnect`,
        to: "/connections",
      });
    } else if (bank.consent_state === "ending") {
      const text = bank.consent_days_left
        ? t`The consent to ${{ bank: bank.bank }} ends in ${plural({ days: bank.consent_days_left }, { one: "# day", other: "# days" })}.`
        : t`The consent to ${{ bank: bank.bank }} ends within a day.`;
      needs.push({
        text,
        action: t`Extend it`,
        to: "/connections",
      });
    }
    if (bank.broken_days > 0) {
      const account = bank.broken_account_id === null ? "" : `?account=${bank.broken_account_id}`;
      const text = plural(
        { brokenDays: bank.broken_days },
        { one: `# day of ${bank.bank} does not add up.`, other: `# days of ${bank.bank} do not add up.` },
      );
      needs.push({ text, action: t`Look at them`, to: `/proof${account}` });
    }
    if (bank.consent_state !== "ended" && bank.accounts > 0 && bank.accounts_never_imported === bank.accounts) {
      const to = `/imports/new?connection=${bank.connection_id}&range=all`;
      needs.push({ text: t`Nothing of ${{ bank: bank.bank }} is imported yet.`, action: t`Import`, to });
    }
  }
  for (const job of failed) {
    const words = job.status === "partly_failed" ? t`failed in part` : t`failed`;
    needs.push({
      text: t`The newest import of ${{ bank: job.bank }} ${words}.`,
      action: t`Open import ${{ jobId: job.job_id }}`,
      to: `/imports/${job.job_id}`,
    });
  }
  if (counts.reviews > 0) {
    needs.push({
      text: t`${plural({ reviews: counts.reviews }, { one: "# row", other: "# rows" })} to review.`,
      action: t`Decide`,
      to: "/review",
    });
  }
  if (counts.transfers > 0) {
    const text = t`${plural({ transfers: counts.transfers }, { one: "# suggested transfer", other: "# suggested transfers" })} to confirm.`;
    needs.push({ text, action: t`Decide`, to: "/transfers" });
  }
  if (is_queue_paused) {
    needs.push({ text: t`All imports are paused.`, action: t`Open the queue`, to: "/queue" });
  }
  return needs;
}
