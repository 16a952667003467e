/** Messages for a return from a bank, by codes in the address, so that no link can show a message of its own. */
import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";

/** By what went wrong; more exact than the code of the error. */
const BY_SUBJECT: Record<string, MessageDescriptor> = {
  cancelled: msg`You cancelled at the bank. Connect the bank again when you are ready.`,
  login: msg`You signed in with another login of this bank. Choose below what to do; nothing was changed.`,
  accounts: msg`The consent is stored, but the bank did not list its accounts. Press “Refresh accounts” in a minute.`,
  import: msg`The import could not resume by itself. Open it and retry what failed.`,
};

const BY_CODE: Record<string, MessageDescriptor> = {
  authorisation_failed: msg`This consent was not started here, was already used, or is too old. Connect the bank again.`,
  consent_expired: msg`The bank's code was already used or is too old. Connect the bank again.`,
  invalid_client: msg`TrueLayer does not accept the client id, secret or redirect URI. Check the settings.`,
  bank_unavailable: msg`TrueLayer is not available now. Try again in a minute.`,
  bank_timeout: msg`TrueLayer did not answer in time. Try again in a minute.`,
};

const UNKNOWN = msg`Something went wrong on the way back from the bank. Try again; the server log has the details.`;

export type ReturnProblem = { code: string; about: string | undefined };

export function problemInWords({ code, about }: ReturnProblem): string {
  return t(BY_SUBJECT[about ?? ""] ?? BY_CODE[code] ?? UNKNOWN);
}

/** Whether it is a question to the user instead of a failure. */
export function isQuestion({ about }: ReturnProblem): boolean {
  return about === "login";
}
