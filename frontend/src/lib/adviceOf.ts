import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";

/** What a user can do about an error of an import, by its code. */
const ADVICE: Record<string, MessageDescriptor> = {
  bank_unavailable: msg`The bank is not responding. The import retries automatically; nothing is lost.`,
  bank_timeout: msg`The bank was too slow. The import retries with fewer days per request.`,
  rate_limited: msg`The bank asked us to slow down. The import resumes automatically at the time shown.`,
  daily_allowance_spent: msg`What was fetched is stored.`,
  call_budget_spent: msg`The limit of calls per minute for all imports is reached. The import resumes automatically.`,
  request_in_progress: msg`The bank is still processing the same request. The import retries automatically.`,
  answer_not_ready: msg`The bank is still preparing its answer. The import retries automatically.`,
  unexpected_response: msg`The bank's answer was invalid. Try again later. If it happens again, contact your administrator.`,
  response_too_large: msg`The answer was too large. The import retries with fewer days per request.`,
  token_rejected: msg`The bank no longer accepts the consent. Reconnect it.`,
  access_denied: msg`The consent does not cover this. Reconnect the bank and grant all requested permissions.`,
  sca_exceeded: msg`The bank returns these days only in the first minutes after consent. Reconnect it and resume at once.`,
  invalid_date_range: msg`The bank does not return these days. Choose later ones, or reconnect it and resume at once.`,
  consent_expired: msg`The consent has ended. Reconnect the bank to resume what failed.`,
  connection_expired: msg`The consent has ended. Reconnect the bank to resume what failed.`,
  connection_removed: msg`The bank was removed. Connect it again under banks and accounts.`,
  needs_user_action: msg`The bank requires your confirmation. Reconnect it.`,
  account_gone: msg`The bank no longer lists this account. Leave it out, or reconnect the bank.`,
  endpoint_not_supported: msg`The bank does not offer this. Leave the account out.`,
  invalid_client: msg`TrueLayer does not recognise this installation. An administrator must check its client id and secret.`,
  refresh_outcome_unknown: msg`Renewing the access was interrupted. Reconnect the bank if this happens again.`,
};

export function adviceOf(code: string): string {
  return t(
    ADVICE[code] ?? msg`Try again. If it happens again, contact your administrator with the number of the import.`,
  );
}

const NEEDS_CONSENT = new Set([
  "sca_exceeded",
  "access_denied",
  "connection_expired",
  "consent_expired",
  "invalid_date_range",
  "token_rejected",
  "needs_user_action",
]);

/** Whether renewing the consent can solve it. */
export function isMendedByReconnecting(code: string): boolean {
  return NEEDS_CONSENT.has(code);
}
