import { expect, test } from "vitest";
import { ApiError } from "./errors";

test("the days in an error of the API are written as everywhere on the page", () => {
  const error = ApiError.from(422, {
    code: "invalid_date_range",
    message: "The first day, 2026-06-17, is in the future.",
  });

  expect([error.status, error.code, error.message]).toEqual([
    422,
    "invalid_date_range",
    "The first day, 17 Jun 2026, is in the future.",
  ]);
});

test("an error in another form names its status", () => {
  expect(ApiError.from(502, "Bad gateway").message).toBe("The server returned HTTP 502.");
});
