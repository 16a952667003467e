import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { enrichmentQueries } from "../api/enrichment";
import { importQueries } from "../api/imports";
import { answer, server } from "../test/server";

const OLDER = { id: "3", job_id: "3", last_event_id: 4 };
const NEWER = { id: "3", job_id: "3", last_event_id: 5 };

it.each([
  ["an import", importQueries.status("3"), "/api/truelayer/import/status/3"],
  ["an enrichment", enrichmentQueries.job("3"), "/api/truelayer/enrichment/jobs/3"],
])("a late response about %s does not replace what an event has reported since", async (_, query, path) => {
  const client = new QueryClient();
  const options = { queryKey: query.queryKey as readonly unknown[], queryFn: query.queryFn as never, staleTime: 0 };
  client.setQueryData(options.queryKey, NEWER);

  server.use(answer("get", path, OLDER));
  expect(await client.query(options)).toEqual(NEWER);

  server.use(answer("get", path, { ...NEWER, last_event_id: 6 }));
  expect(await client.query(options)).toMatchObject({ last_event_id: 6 });
});

it("a late list of enrichments replaces only what is older in it", async () => {
  const client = new QueryClient();
  const { queryKey, queryFn, initialPageParam } = enrichmentQueries.jobs();
  const other = { ...OLDER, id: "4", last_event_id: 2 };
  client.setQueryData(queryKey, { pages: [{ jobs: [NEWER, other] }], pageParams: [null] } as never);
  const fresh = { ...other, last_event_id: 3 };
  server.use(answer("get", "/api/truelayer/enrichment/jobs", { jobs: [OLDER, fresh], next_cursor: null }));

  const list = await client.infiniteQuery({ queryKey, queryFn: queryFn as never, initialPageParam, staleTime: 0 });

  expect(list.pages).toEqual([{ jobs: [NEWER, fresh], next_cursor: null }]);
});
