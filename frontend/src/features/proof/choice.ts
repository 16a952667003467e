/** What of the page of proof is looked at closely: an account, a month, a day. */
export type Choice = { account?: string; month?: string; day?: string };

function fitting(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}

/** What of a URL's search makes sense; the rest is left out. */
export function readChoice(search: Record<string, unknown>): Choice {
  // The router reads 12 in a URL as a number.
  const account = fitting(String(search.account ?? ""), /^\d+$/);
  const month = fitting(search.month, /^\d{4}-\d{2}$/);
  const day = fitting(search.day, /^\d{4}-\d{2}-\d{2}$/);
  return { ...(account && { account }), ...(month && { month }), ...(day && { day }) };
}
