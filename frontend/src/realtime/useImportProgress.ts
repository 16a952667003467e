import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { importQueries } from "../api/imports";
import type { ImportStatus } from "../api/types";
import { followJob } from "./followJob";
import { type ImportNews, needsWholeStatus, withNews } from "./importNews";
import { newest } from "./newest";
import { useConnection } from "./socket";

const POLL_MS = 2_000;

/** A job's status, live; polled every 2 seconds while there is no socket, until the job has ended. */
export function useImportProgress(jobId: string) {
  const client = useQueryClient();
  const connection = useConnection();
  const status = useQuery({
    ...importQueries.status(jobId),
    refetchInterval: (query) => {
      const job = query.state.data;
      const hasEnded = job !== undefined && job.completed_at !== null && job.status !== "enriching";
      return connection === "live" || hasEnded ? false : POLL_MS;
    },
  });
  useEffect(() => {
    const key = importQueries.status(jobId).queryKey;
    return followJob<ImportStatus, ImportNews>("import_job", jobId, {
      onSnapshot: (job) => client.setQueryData(key, (known) => newest(known, job)),
      onNews: (news) => {
        client.setQueryData(key, (known) => known && withNews(known, news));
        if (needsWholeStatus(news)) void client.invalidateQueries({ queryKey: key, exact: true });
      },
    });
  }, [client, jobId]);
  return { status, connection };
}
