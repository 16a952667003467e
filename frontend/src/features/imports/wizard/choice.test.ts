import { expect, test } from "vitest";
import { enrichAt, readChoice, requestOf } from "./choice";

test("a time to enrich is the next moment at which the reader's clock shows it", () => {
  const choice = readChoice({ enrichTime: "03:15" });
  const at = requestOf(choice, 1, []).enrich_at ?? "";
  const moment = new Date(at);
  expect([moment.getHours(), moment.getMinutes()]).toEqual([3, 15]);
  expect(moment.getTime()).toBeGreaterThan(Date.now());
  expect(moment.getTime() - Date.now()).toBeLessThanOrEqual(25 * 3_600_000);
});

test("nothing is enriched at a time that makes no sense, or when it is not enriched at all", () => {
  expect(readChoice({ enrichTime: "25:00" })).toEqual({});
  expect(enrichAt({ enrich: false, enrichTime: "03:15" })).toBeNull();
  expect(requestOf({}, 1, []).enrich_at).toBeNull();
});
