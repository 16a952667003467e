/** The text with its first letter as a capital; an address at its start stays as it is. */
export function capitalised(text: string): string {
  return /^[a-z]+:\/\//.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
