import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconBell, IconBellRinging } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { ImportStatus } from "../../../api/types";
import { accountsInWords } from "../../../lib/accountsInWords";
import { codeWords } from "../../../lib/codeWords";
import { labelled, listed } from "../../../lib/listed";
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
        <Trans>Notifications are blocked in this browser</Trans>
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
      <Trans>Notify me at the end</Trans>
    </Button>
  );
}

function notify(job: ImportStatus) {
  const rows = plural({ synced: job.total_so_far.synced }, { one: "# new row", other: "# new rows" });
  new Notification(t`Import ${{ jobId: job.job_id }} ${{ status: codeWords(job.status) }}`, {
    body: labelled(job.bank, listed([rows, accountsInWords(job.progress)])),
    tag: t`import ${{ jobId: job.job_id }}`,
  });
}
