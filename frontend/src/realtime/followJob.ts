import { theSocket } from "./socket";

/** The kinds of jobs with numbered events, and the name of the event for each. */
const PROGRESS = { import_job: "import_progress", enrichment_job: "enrichment_progress" } as const;

/** The timeout of a subscription, and the delay before a temporary failure is retried. */
const ANSWER_WITHIN_MS = 10_000;
const AGAIN_AFTER_MS = 2_000;
const PASSING = "database_unreachable";

type Snapshot = { last_event_id: number };
type Answer<Job> = { ok: true; snapshot: Job; events: unknown[] } | { ok: false; code: string };
type Numbered = { event_id: number; from_event_id: number; job_id: string };

export type Follower<Job, News> = {
  onSnapshot: (job: Job) => void;
  onNews: (news: News) => void;
};

/** Follows a job over the socket, from the last known event after every reconnect. Returns a function that stops it. */
export function followJob<Job extends Snapshot, News extends Numbered>(
  kind: keyof typeof PROGRESS,
  jobId: string,
  follower: Follower<Job, News>,
): () => void {
  let isStopped = false;
  let known = 0;
  let stop: () => void = () => undefined;

  void theSocket().then(
    (socket) => {
      if (isStopped) return;
      let again: ReturnType<typeof setTimeout> | undefined;
      const answered = (failure: Error | null, answer?: Answer<Job>) => {
        if (isStopped) return;
        if (failure || !answer || (!answer.ok && answer.code === PASSING)) {
          // Without an answer the page would wait forever; a new connection subscribes by itself.
          if (socket.connected) again = setTimeout(subscribe, AGAIN_AFTER_MS);
          return;
        }
        if (!answer.ok) return;
        known = Math.max(known, answer.snapshot.last_event_id);
        follower.onSnapshot(answer.snapshot);
      };
      const subscribe = () => {
        clearTimeout(again);
        socket.timeout(ANSWER_WITHIN_MS).emit(`subscribe_${kind}`, { job_id: jobId, last_event_id: known }, answered);
      };
      const hear = (news: News) => {
        if (news.job_id !== jobId) return;
        const hasGap = news.from_event_id > known + 1;
        known = Math.max(known, news.event_id);
        follower.onNews(news);
        if (hasGap) subscribe();
      };
      socket.on("connect", subscribe);
      socket.on<string>(PROGRESS[kind], hear);
      if (socket.connected) subscribe();
      stop = () => {
        clearTimeout(again);
        socket.off("connect", subscribe);
        socket.off(PROGRESS[kind], hear);
        if (socket.connected) socket.emit(`unsubscribe_${kind}`, { job_id: jobId });
      };
    },
    // Without a socket the page polls; see `useConnection`.
    () => undefined,
  );
  return () => {
    isStopped = true;
    stop();
  };
}
