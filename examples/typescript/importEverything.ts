/**
 * Imports everything that the first connected bank gives, and follows it live, as a page of your own would.
 *
 *     npm install openapi-fetch socket.io-client
 *     BANKIMPORT_URL=http://127.0.0.1:8000 BANKIMPORT_TOKEN=bi_… npx tsx importEverything.ts
 *
 * In a browser, send no token: behind one origin with bankimport the session's cookie is enough.
 */
import createClient from "openapi-fetch";
import { io } from "socket.io-client";
import type { components, paths } from "./api";

type Progress = components["schemas"]["ImportProgress"];
type Status = components["schemas"]["StatusRead"];
type Subscribed = { ok: true; snapshot: Status } | { ok: false; code: string };

const url = process.env.BANKIMPORT_URL ?? "http://127.0.0.1:8000";
const token = process.env.BANKIMPORT_TOKEN ?? "";
const api = createClient<paths>({
  baseUrl: url,
  headers: { Authorization: `Bearer ${token}` },
});

/** The answer, or an error with the API's own words. */
function answered<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data !== undefined) return data;
  const { code, message } = error as { code: string; message: string };
  throw new Error(`${code}: ${message}`);
}

const isOver = ({ completed_at, status }: Pick<Status, "completed_at" | "status">) =>
  completed_at !== null || status === "enriching";

/** Follows a job until its rows are stored. After a lost connection it continues from the last event that it saw. */
function followed(jobId: string): Promise<void> {
  const socket = io(url, { auth: { token } });
  let lastEventId = 0;
  return new Promise((resolve, reject) => {
    const end = (failure?: Error) => {
      socket.disconnect();
      if (failure) reject(failure);
      else resolve();
    };
    socket.on("connect", () => {
      socket.emit("subscribe_import_job", { job_id: jobId, last_event_id: lastEventId }, (answer: Subscribed) => {
        if (!answer.ok) return end(new Error(answer.code));
        lastEventId = answer.snapshot.last_event_id;
        if (isOver(answer.snapshot)) end();
      });
    });
    socket.on("connect_error", (failure) => {
      // A refusal, such as a wrong token; when the network fails, the client tries again by itself.
      if (!socket.active) end(failure);
    });
    socket.on("import_progress", (news: Progress) => {
      lastEventId = news.event_id;
      console.error(`${news.type}, ${news.percent} %, ${news.total_so_far.synced} new rows`);
      if (news.status === "enriching" || news.type === "job_finished") end();
    });
  });
}

const { connections } = answered(await api.GET("/api/truelayer/connections"));
const bank = connections.find(({ status }) => status === "active");
if (!bank) throw new Error("no bank is connected");
const plan = answered(
  await api.POST("/api/truelayer/import/plan", {
    body: {
      connection_id: bank.id,
      job_type: "full_sync",
      account_ids: [],
      card_ids: [],
      auto_enrich: true,
      dry_run: false,
    },
  }),
);
answered(
  await api.POST("/api/truelayer/import/start", {
    body: { job_id: plan.job_id },
  }),
);
await followed(plan.job_id);
const status = answered(
  await api.GET("/api/truelayer/import/status/{job_id}", {
    params: { path: { job_id: plan.job_id } },
  }),
);
console.log(
  JSON.stringify({
    job_id: status.job_id,
    status: status.status,
    ...status.total_so_far,
  }),
);
