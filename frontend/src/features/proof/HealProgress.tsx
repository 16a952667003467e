import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Group, Loader, Text } from "@mantine/core";
import { TextLink } from "../../components/TextLink";
import { useWatched } from "./useHeal";

/** The progress of the imports that heal an account. */
export function HealProgress({ jobIds }: { jobIds: string[] }) {
  const { jobs, haveEnded } = useWatched(jobIds);
  if (jobIds.length === 0) return null;
  const ended = jobs.filter((job) => job.data?.completed_at).length;
  const failed = jobs.filter((job) => job.data && ["failed", "partly_failed", "cancelled"].includes(job.data.status));
  const rows = jobs.reduce((sum, job) => sum + (job.data?.total_so_far.synced ?? 0), 0);
  return (
    <Alert color={haveEnded ? (failed.length > 0 ? "orange" : "green") : "blue"} role="status" p="xs">
      <Group gap="xs">
        {!haveEnded && <Loader size="xs" aria-hidden />}
        <Text size="sm">
          {haveEnded
            ? failed.length > 0
              ? t`${{ failed: failed.length }} of ${{ jobIds: jobIds.length }} imports failed. Open them to see why.`
              : t`Fetched again: ${plural(rows, { one: "# missing row", other: "# missing rows" })} found.`
            : t`Fetching again: ${ended} of ${{ jobIds: jobIds.length }} done.`}
        </Text>
        {jobIds.map((id) => (
          <TextLink key={id} to="/imports/$jobId" params={{ jobId: id }} size="sm">
            <Trans>import {id}</Trans>
          </TextLink>
        ))}
      </Group>
    </Alert>
  );
}
