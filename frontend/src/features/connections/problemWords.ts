/** What the page says of a return from a bank, by the code in the address: no address can make it say anything else. */

const WORDS: Record<string, string> = {
  authorisation_cancelled: "You cancelled at the bank. Connect it again when you are ready.",
  authorisation_failed: "This consent was not begun here, was used already, or is too old. Connect the bank again.",
  accounts_not_listed:
    "The consent is stored, but the bank did not list its accounts. Press “Look for accounts” in a minute.",
  another_login: "You signed in with another login of this bank. Choose below what to do; nothing was changed.",
  import_not_retried: "The import could not go on by itself. Open it and retry what failed.",
  consent_expired: "The bank's code was used already or is too old. Connect the bank again.",
  invalid_client: "TrueLayer does not accept the client id, secret or redirect URI. Check the settings.",
  bank_unavailable: "TrueLayer cannot answer just now. Try again in a minute.",
  bank_timeout: "TrueLayer did not answer in time. Try again in a minute.",
};

export function problemInWords(code: string): string {
  return WORDS[code] ?? "Something went wrong on the way back from the bank. Try again; the server log has the details.";
}

/** Codes that ask the user for something and are no failure. */
export function isQuestion(code: string): boolean {
  return code === "another_login";
}
