import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { server } from "../test/server";

beforeEach(() => vi.resetModules());

test("an event that a script makes is not a gesture", async () => {
  const { gestureAge } = await import("./gesture");

  window.dispatchEvent(new Event("pointerdown"));

  expect(gestureAge()).toBeNull();
});

test("the age counts from the person's last click, in whole seconds", async () => {
  const { gestureAge, noteGesture } = await import("./gesture");

  noteGesture({ isTrusted: true });

  expect(gestureAge(performance.now() + 61_400)).toBe(62);
});

test("what changes something carries the age of the last gesture; what only reads does not", async () => {
  const { noteGesture } = await import("./gesture");
  const { api } = await import("./client");
  const ages: (string | null)[] = [];
  const note = ({ request }: { request: Request }) => {
    ages.push(request.headers.get("X-Gesture-Age"));
    return HttpResponse.json({});
  };
  server.use(http.post("*/api/truelayer/import/start", note), http.get("*/api/truelayer/import/queue", note));

  await api.POST("/api/truelayer/import/start", { body: { job_id: "12" } });
  noteGesture({ isTrusted: true });
  await api.POST("/api/truelayer/import/start", { body: { job_id: "12" } });
  await api.GET("/api/truelayer/import/queue");

  expect(ages).toEqual([null, expect.stringMatching(/^[01]$/), null]);
});
