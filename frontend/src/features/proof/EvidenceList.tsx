import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Card, Group, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { importQueries } from "../../api/imports";
import { EvidenceDownload } from "../../components/EvidenceDownload";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";

const SHOWN = 10;

/** The evidence packs of the newest imports that have ended. */
export function EvidenceList() {
  const history = useInfiniteQuery(importQueries.history({ limit: SHOWN }));
  const ended = history.data?.pages[0]?.imports.filter((entry) => entry.completed_at !== null) ?? [];
  return (
    <Card withBorder component="section" aria-label={t`Evidence`}>
      <Title order={2} size="h4">
        <Trans>Evidence</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        <Trans>One file per import that proves to others what was requested, returned and stored.</Trans>
      </Text>
      <QueryState query={history} what={t`imports`} />
      <Stack gap="xs">
        {ended.map((entry) => (
          <Group key={entry.job_id} justify="space-between">
            <Text size="sm">
              {entry.completed_at && (
                <Trans>
                  <TextLink to="/imports/$jobId" params={{ jobId: entry.job_id }} size="sm" underline="always">
                    Import {ph({ jobId: entry.job_id })}
                  </TextLink>
                  : {ph({ from: formatDay(entry.date_range.from) })} to {ph({ to: formatDay(entry.date_range.to) })},{" "}
                  {ph({ transactionsImported: formatCount(entry.transactions_imported) })} rows,{" "}
                  <When at={entry.completed_at} />
                </Trans>
              )}
            </Text>
            <EvidenceDownload jobId={entry.job_id} />
          </Group>
        ))}
        {history.data && ended.length === 0 && (
          <Text size="sm">
            <Trans>No import has ended yet.</Trans>
          </Text>
        )}
      </Stack>
    </Card>
  );
}
