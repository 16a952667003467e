import { plural, t } from "@lingui/core/macro";
import { listed } from "./listed";

type Counts = {
  completed_accounts: number;
  failed_accounts: number;
  cancelled_accounts: number;
  total_accounts: number;
};

/** Such as “2 of 3 accounts completed, 1 failed”. */
export function accountsInWords(counts: Counts): string {
  return listed([
    t`${{ completedAccounts: counts.completed_accounts }} of ${plural({ totalAccounts: counts.total_accounts }, { one: "# account", other: "# accounts" })} completed`,
    counts.failed_accounts > 0 && t`${{ failed: counts.failed_accounts }} failed`,
    counts.cancelled_accounts > 0 && t`${{ cancelled: counts.cancelled_accounts }} cancelled`,
  ]);
}
