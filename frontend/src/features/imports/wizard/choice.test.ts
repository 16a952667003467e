import { expect, test } from "vitest";
import { enrichAt, readChoice, requestOf } from "./choice";

test("an enrichment time is its next occurrence in the reader's local time", () => {
  const choice = readChoice({ enrichTime: "03:15" });
  const at = requestOf(choice, "1", []).enrich_at ?? "";
  const moment = new Date(at);
  expect([moment.getHours(), moment.getMinutes()]).toEqual([3, 15]);
  expect(moment.getTime()).toBeGreaterThan(Date.now());
  expect(moment.getTime() - Date.now()).toBeLessThanOrEqual(25 * 3_600_000);
});

test("an invalid time is ignored, as is any time without enrichment", () => {
  expect(readChoice({ enrichTime: "25:00" })).toEqual({});
  expect(enrichAt({ enrich: false, enrichTime: "03:15" })).toBeNull();
  expect(requestOf({}, "1", []).enrich_at).toBeNull();
});
