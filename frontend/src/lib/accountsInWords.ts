type Counts = {
  completed_accounts: number;
  failed_accounts: number;
  cancelled_accounts: number;
  total_accounts: number;
};

/** Such as “2 of 3 accounts completed, 1 failed”. */
export function accountsInWords(counts: Counts): string {
  const ended: [number, string][] = [
    [counts.failed_accounts, "failed"],
    [counts.cancelled_accounts, "cancelled"],
  ];
  return [
    `${counts.completed_accounts} of ${counts.total_accounts} ${counts.total_accounts === 1 ? "account" : "accounts"} completed`,
    ...ended.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`),
  ].join(", ");
}
