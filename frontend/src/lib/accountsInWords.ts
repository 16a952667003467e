import { plural, t } from "@lingui/core/macro";

type Counts = {
  completed_accounts: number;
  failed_accounts: number;
  cancelled_accounts: number;
  total_accounts: number;
};

/** Such as “2 of 3 accounts completed, 1 failed”. */
export function accountsInWords(counts: Counts): string {
  const ended: [number, string][] = [
    [counts.failed_accounts, t`failed`],
    [counts.cancelled_accounts, t`cancelled`],
  ];
  return [
    t`${{ completedAccounts: counts.completed_accounts }} of ${plural({ totalAccounts: counts.total_accounts }, { one: "# account", other: "# accounts" })} completed`,
    ...ended.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`),
  ].join(", ");
}
