import { t } from "@lingui/core/macro";
import type { ImportStatus } from "../../../api/types";
import { formatCount } from "../../../lib/formatCount";

/** How many rows an import will have brought, by what it brought so far. */
export function expectedInWords({ low, expected, high }: ImportStatus["expected_rows"]): string {
  if (low === high) return t`${{ expected: formatCount(expected) }} expected`;
  return t`about ${{ expected: formatCount(rounded(expected)) }} expected (${{ low: formatCount(low) }} to ${{ high: formatCount(rounded(high)) }})`;
}

/** To two digits, since an estimate is no more exact. */
function rounded(count: number): number {
  return Number(count.toPrecision(2));
}
