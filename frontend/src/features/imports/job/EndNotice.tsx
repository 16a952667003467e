import { Button } from "@mantine/core";
import { IconBell, IconBellRinging } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { ImportStatus } from "../../../api/types";
import { accountsInWords } from "../../../lib/accountsInWords";
import { counted } from "../../../lib/formatCount";
import { isFinished } from "../isFinished";

const isSupported = () => "Notification" in window;

/** A button for a notification by the browser when the import ends, for those who leave the tab. */
export function EndNotice({ job }: { job: ImportStatus }) {
  const [isWanted, setWanted] = useState(false);
  const [isRefused, setRefused] = useState(() => isSupported() && Notification.permission === "denied");
  const hasEnded = isFinished(job);
  const wasRunning = useRef(!hasEnded);
  useEffect(() => {
    if (!hasEnded || !wasRunning.current) return;
    wasRunning.current = false;
    if (isWanted) notify(job);
  }, [hasEnded, isWanted, job]);
  if (hasEnded || !isSupported()) return null;
  async function ask() {
    const answer = await Notification.requestPermission();
    setWanted(answer === "granted");
    setRefused(answer === "denied");
  }
  if (isRefused) {
    return (
      <Button variant="default" disabled leftSection={<IconBell size={16} aria-hidden />}>
        Notifications are blocked in this browser
      </Button>
    );
  }
  return (
    <Button
      variant={isWanted ? "light" : "default"}
      aria-pressed={isWanted}
      leftSection={isWanted ? <IconBellRinging size={16} aria-hidden /> : <IconBell size={16} aria-hidden />}
      onClick={() => (isWanted ? setWanted(false) : void ask())}
    >
      Notify me at the end
    </Button>
  );
}

function notify(job: ImportStatus) {
  const rows = counted(job.total_so_far.synced, "new row");
  new Notification(`Import ${job.job_id} ${job.status.replaceAll("_", " ")}`, {
    body: `${job.bank}: ${rows}, ${accountsInWords(job.progress)}`,
    tag: `import ${job.job_id}`,
  });
}
