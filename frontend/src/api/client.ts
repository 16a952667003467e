/** The typed client of the API; every error becomes an ApiError. */
import { t } from "@lingui/core/macro";
import createClient from "openapi-fetch";
import { sentWithPassword } from "./confirm";
import { ApiError } from "./errors";
import { GESTURE_HEADER, gestureAge } from "./gesture";
import type { paths } from "./schema.gen";

/** `fetch` is looked up at each call, and URLs are absolute, so that tests can replace the API. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: sentWithPassword,
});

api.use({
  onRequest: ({ request }) => {
    const age = gestureAge();
    if (age !== null && request.method !== "GET") request.headers.set(GESTURE_HEADER, String(age));
    return request;
  },
});

type Outcome<T> = { data?: T; error?: unknown; response: Response };

/** The response body, or an ApiError with the reason. */
export async function answered<T>(call: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await call;
  } catch {
    throw new ApiError(0, "unreachable", t`Cannot reach bankimport. Check that it is running.`);
  }
  if (!outcome.response.ok) throw ApiError.from(outcome.response.status, outcome.error);
  // An answer without a body, such as 204, has no data by contract.
  return outcome.data as T;
}
