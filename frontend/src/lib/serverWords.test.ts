import { afterEach, expect, test } from "vitest";
import { serverWords } from "./serverWords";
import { setTimeZone } from "./timeZone";

afterEach(() => setTimeZone(null));

test.each([
  ["days before 2026-09-07 may be refused", "days before 7 Sep 2026 may be refused"],
  ["the consent ends on 2026-11-30 at 22:30 UTC", "the consent ends on 1 Dec 2026, 07:30 GMT+9"],
  ["only until 2026-11-30 17:08:47 UTC, start now", "only until 1 Dec 2026, 02:08 GMT+9, start now"],
  ["2026-02-30 is not a real day", "2026-02-30 is not a real day"],
  ["nothing waits for a worker", "nothing waits for a worker"],
])("of the server's %j the page makes %j", (text, shown) => {
  setTimeZone("Asia/Tokyo");
  expect(serverWords(text)).toBe(shown);
});
