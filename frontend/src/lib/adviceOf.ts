/** What a user can do about an error that an import met, by its code. */
const ADVICE: Record<string, string> = {
  bank_unavailable: "The bank does not answer just now. It is asked again by itself; nothing is lost.",
  bank_timeout: "The bank was too slow. Fewer days are asked for at a time, by itself.",
  rate_limited: "The bank asked us to slow down. It goes on by itself at the time that is shown.",
  daily_allowance_spent:
    "Banks answer four times a day without you. It goes on tomorrow; start it yourself to go on now.",
  call_budget_spent: "All imports together may send so many calls a minute. It goes on by itself.",
  request_in_progress: "The bank is still busy with the same question. It is asked again by itself.",
  answer_not_ready: "The bank is still preparing its answer. It is asked again by itself.",
  unexpected_response:
    "The bank's answer made no sense. Try again later; if it stays so, tell whoever runs bankimport.",
  response_too_large: "The answer was too large. Fewer days are asked for at a time, by itself.",
  token_rejected: "The bank no longer accepts the consent. Reconnect it.",
  access_denied: "The consent does not cover this. Reconnect the bank and allow all that is asked for.",
  sca_exceeded: "The bank gives these days only in the first minutes after consent. Reconnect it and go on at once.",
  invalid_date_range: "The bank does not give these days. Choose later ones, or reconnect it and go on at once.",
  consent_expired: "The consent has ended. Reconnect the bank; what failed goes on then.",
  connection_expired: "The consent has ended. Reconnect the bank; what failed goes on then.",
  connection_removed: "The bank was removed. Connect it again under banks and accounts.",
  needs_user_action: "The bank wants you to confirm something. Reconnect it.",
  account_gone: "The bank no longer lists this account. Leave it out, or reconnect the bank.",
  endpoint_not_supported: "The bank does not offer this. Leave the account out.",
  invalid_client:
    "TrueLayer does not know this installation. Whoever runs bankimport must look at its client id and secret.",
  refresh_outcome_unknown: "Renewing the access was cut off in the middle. Reconnect the bank if it stays so.",
};

export function adviceOf(code: string): string {
  return ADVICE[code] ?? "Try again; if it stays so, tell whoever runs bankimport, with the number of the import.";
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

/** Whether renewing the consent can mend it. */
export function isMendedByReconnecting(code: string): boolean {
  return NEEDS_CONSENT.has(code);
}
