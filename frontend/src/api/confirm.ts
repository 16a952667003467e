/** Some operations need the password again. Whoever can ask for it, the page's dialog, registers here. */
type Ask = () => Promise<boolean>;

const CODE = "recent_sign_in_needed";

let ask: Ask | undefined;
let asking: Promise<boolean> | undefined;

/** Lets `next` ask for the password from now on; returns how to end that. */
export function askWith(next: Ask) {
  ask = next;
  return () => {
    if (ask === next) ask = undefined;
  };
}

/** The response to a request, which is repeated once if the password was needed and the user gave it. */
export async function sentWithPassword(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await globalThis.fetch(request);
  if (ask === undefined || response.status !== 403 || !(await isPasswordNeeded(response.clone()))) return response;
  asking ??= ask().finally(() => {
    asking = undefined;
  });
  return (await asking) ? globalThis.fetch(again) : response;
}

async function isPasswordNeeded(response: Response) {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "code" in body && body.code === CODE;
  } catch {
    return false;
  }
}
