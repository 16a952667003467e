/** Passkeys: what the server wants signed goes to the browser, and what the browser signed to the server. */
import { t } from "@lingui/core/macro";
import { answered, api } from "./client";
import { ApiError } from "./errors";
import type { components } from "./schema.gen";

type Wanted = components["schemas"]["PasskeyOptions"];
type Signed = Record<string, unknown>;

/** Whether this browser has passkeys, and can read and write them as JSON. */
export const hasPasskeys = () =>
  "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in window.PublicKeyCredential;

/** Has the browser make a passkey, and adds it. */
export async function addPasskey(name: string) {
  const wanted = await answered(api.POST("/api/auth/passkeys/options"));
  const credential = await asked(wanted, (options) =>
    navigator.credentials.create({
      // The server's answer has the shape of the W3C's specification.
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON),
    }),
  );
  return answered(api.POST("/api/auth/passkeys", { body: { name, credential } }));
}

/** What one of the user's passkeys signed. */
export async function signedByPasskey(): Promise<Signed> {
  const wanted = await answered(api.POST("/api/auth/passkeys/sign-in/options"));
  return asked(wanted, (options) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON),
    }),
  );
}

async function asked(wanted: Wanted, ask: (options: unknown) => Promise<Credential | null>): Promise<Signed> {
  if (window.location.origin !== wanted.origin) {
    throw new ApiError(
      0,
      "other_origin",
      t`Passkeys work only at ${{ origin: wanted.origin }}. Open bankimport there.`,
    );
  }
  let given: Credential | null;
  try {
    given = await ask(wanted.options);
  } catch (error) {
    throw new ApiError(0, "no_passkey", reasonOf(error));
  }
  if (!(given instanceof PublicKeyCredential)) throw new ApiError(0, "no_passkey", reasonOf(undefined));
  // Typed as `any` by the library of the DOM; the specification says an object.
  return given.toJSON() as Signed;
}

function reasonOf(error: unknown) {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "InvalidStateError") return t`This device or key already has a passkey of yours.`;
  if (name === "NotSupportedError") return t`This device or key cannot store a passkey.`;
  return t`No passkey was used: you cancelled, or it took too long.`;
}
