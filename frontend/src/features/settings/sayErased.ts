import { t } from "@lingui/core/macro";
import type { components } from "../../api/schema.gen";
import { sayUntilClosed } from "../../components/sayDone";

/** Reports an erasure, and which consents may still be open at TrueLayer. */
export function sayErased({ email, consents }: components["schemas"]["ErasedRead"]) {
  const open = consents.filter((consent) => !consent.ended_at_truelayer);
  const ended = consents.length - open.length;
  const parts = [ended === 1 ? t`One consent was ended at TrueLayer.` : t`${ended} consents were ended at TrueLayer.`];
  for (const { bank_name, problem } of open)
    parts.push(t`Not ended: ${{ bankName: bank_name }} (${{ problem: problem ?? t`no reason given` }}).`);
  if (open.length > 0) parts.push(t`End these in the bank's own app.`);
  sayUntilClosed(t`${email} is erased`, parts.join(" "), open.length > 0);
}
