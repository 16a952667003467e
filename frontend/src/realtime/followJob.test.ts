import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followJob } from "./followJob";
import { closeSocket } from "./socket";

type Answered = (failure: Error | null, answer?: unknown) => void;

/** The requests to the server, each with its answer. */
const sent: { wanted: unknown; answer: Answered }[] = [];

vi.mock("socket.io-client", () => {
  const socket = {
    connected: true,
    on: () => socket,
    off: () => socket,
    timeout: () => socket,
    disconnect: () => socket,
    emit: (_event: string, wanted: unknown, answer?: Answered) => {
      if (answer) sent.push({ wanted, answer });
      return socket;
    },
  };
  return { io: () => socket };
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  closeSocket();
  sent.length = 0;
  vi.useRealTimers();
});

test("an unanswered or temporarily failed subscription is repeated until it succeeds", async () => {
  const ids: number[] = [];
  const stop = followJob("import_job", "7", {
    onSnapshot: (job: { last_event_id: number }) => ids.push(job.last_event_id),
    onNews: () => undefined,
  });
  await vi.waitFor(() => expect(sent).toHaveLength(1));

  sent[0]?.answer(new Error("operation has timed out"));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent).toHaveLength(2);
  sent[1]?.answer(null, { ok: false, code: "database_unreachable" });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent).toHaveLength(3);
  sent[2]?.answer(null, { ok: true, snapshot: { last_event_id: 4 }, events: [] });
  await vi.advanceTimersByTimeAsync(60_000);

  expect(sent).toHaveLength(3);
  expect(ids).toEqual([4]);
  stop();
});

test("another user's job is not requested again", async () => {
  const stop = followJob("import_job", "7", { onSnapshot: () => undefined, onNews: () => undefined });
  await vi.waitFor(() => expect(sent).toHaveLength(1));

  sent[0]?.answer(null, { ok: false, code: "import_not_found" });
  await vi.advanceTimersByTimeAsync(60_000);

  expect(sent).toHaveLength(1);
  stop();
});
