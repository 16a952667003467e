declare global {
  /** Where `get-nonce`, which the dialogs' scroll lock uses, looks for it. */
  var __webpack_nonce__: string | undefined;
}

/** What the server lets this document's style elements carry; others do not apply. Empty in development. */
export const styleNonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/** Gives the nonce to libraries that ask nobody for it. */
export function shareStyleNonce() {
  globalThis.__webpack_nonce__ = styleNonce();
}
