import { expect, test } from "vitest";
import { newerJob } from "./useLiveJobs";

function aJob(id: string, last_event_id: number) {
  // Only what decides between two answers; the rest of the shape comes from the API.
  return { id, last_event_id } as Parameters<typeof newerJob>[0];
}

test("an event replaces older state, never newer state or another job's", () => {
  expect(newerJob(aJob("3", 4), aJob("3", 5)).last_event_id).toBe(5);
  expect(newerJob(aJob("3", 6), aJob("3", 5)).last_event_id).toBe(6);
  expect(newerJob(aJob("4", 1), aJob("3", 5)).id).toBe("4");
});
