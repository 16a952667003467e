import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import type { components } from "../../api/schema.gen";
import { followJob } from "../../realtime/followJob";

type Job = components["schemas"]["EnrichmentRead"];
type News = components["schemas"]["EnrichmentProgress"];

/** The newer of two answers about one job. */
export function newerJob(known: Job, fresh: Job): Job {
  return known.id === fresh.id && known.last_event_id < fresh.last_event_id ? fresh : known;
}

/** Keeps these enrichment jobs up to date in the list and on their own pages while there is a socket. */
export function useLiveJobs(ids: string[]) {
  const client = useQueryClient();
  const followed = ids.join(" ");
  useEffect(() => {
    const hear = (fresh: Job) => {
      client.setQueryData(
        enrichmentQueries.jobs().queryKey,
        (known) =>
          known && {
            ...known,
            pages: known.pages.map((page) => ({ ...page, jobs: page.jobs.map((job) => newerJob(job, fresh)) })),
          },
      );
      client.setQueryData(
        enrichmentQueries.job(fresh.id).queryKey,
        (known) => known && { ...known, ...newerJob(known, fresh) },
      );
    };
    const stops = followed
      .split(" ")
      .filter(Boolean)
      .map((id) => followJob<Job, News>("enrichment_job", id, { onSnapshot: hear, onNews: (news) => hear(news.job) }));
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, followed]);
}
