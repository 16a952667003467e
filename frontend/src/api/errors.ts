import { t } from "@lingui/core/macro";
import { serverWords } from "../lib/serverWords";

/** An error of the API: a code for programs, a message for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static from(status: number, body: unknown): ApiError {
    if (typeof body === "object" && body !== null && "code" in body && "message" in body) {
      return new ApiError(status, String(body.code), serverWords(String(body.message)));
    }
    return new ApiError(status, "unknown", t`The server returned HTTP ${status}.`);
  }
}
