import type { ImportStatus } from "../api/types";
import type { ImportNews } from "./importNews";
import { theSocket } from "./socket";

type Answer = { ok: true; snapshot: ImportStatus; events: unknown[] } | { ok: false; code: string };

export type Follower = {
  onSnapshot: (job: ImportStatus) => void;
  onNews: (news: ImportNews) => void;
};

/** Follow a job over the socket, again after every reconnect from the last event known. Returns how to stop. */
export function followImport(jobId: number, follower: Follower): () => void {
  let isStopped = false;
  let known = 0;
  let stop = () => {};

  void theSocket().then(
    (socket) => {
      if (isStopped) return;
      const subscribe = () => {
        socket.emit("subscribe_import_job", { job_id: jobId, last_event_id: known }, (answer: Answer) => {
          if (isStopped || !answer.ok) return;
          known = Math.max(known, answer.snapshot.last_event_id);
          follower.onSnapshot(answer.snapshot);
        });
      };
      const hear = (news: ImportNews) => {
        if (news.job_id !== jobId) return;
        const hasGap = news.from_event_id > known + 1;
        known = Math.max(known, news.event_id);
        follower.onNews(news);
        if (hasGap) subscribe();
      };
      socket.on("connect", subscribe);
      socket.on("import_progress", hear);
      if (socket.connected) subscribe();
      stop = () => {
        socket.off("connect", subscribe);
        socket.off("import_progress", hear);
        if (socket.connected) socket.emit("unsubscribe_import_job", { job_id: jobId });
      };
    },
    // Without a socket the page asks by itself; `useConnection` says so.
    () => undefined,
  );
  return () => {
    isStopped = true;
    stop();
  };
}
