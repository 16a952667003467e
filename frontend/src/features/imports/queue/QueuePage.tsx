import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Group, SegmentedControl, Select, Stack } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { EmptyState } from "../../../components/EmptyState";
import { PageHeader } from "../../../components/PageHeader";
import { Problem } from "../../../components/Problem";
import { QueryState } from "../../../components/QueryState";
import { codeWords } from "../../../lib/codeWords";
import { defined } from "../../../lib/defined";
import { JOB_TYPES } from "../history/filters";
import { QueuePausedAlert } from "../QueuePausedAlert";
import { BulkActions } from "./BulkActions";
import { EndedCounts } from "./EndedCounts";
import { PART_NAMES, PARTS, type QueueFilter } from "./filters";
import { QueueTable } from "./QueueTable";
import { usePauseQueue } from "./usePauseQueue";
import { useQueue } from "./useQueue";

type Props = { filter: QueueFilter; onFilter: (filter: QueueFilter) => void };

/** Running, queued, waiting, paused and recently finished imports. */
export function QueuePage({ filter, onFilter }: Props) {
  const queue = useQueue();
  const pause = usePauseQueue();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const header = (
    <PageHeader
      title={t`Queue`}
      actions={
        queue.data?.is_paused === false && (
          <Button variant="default" loading={pause.isPending} onClick={() => pause.mutate(true)}>
            <Trans>Pause all</Trans>
          </Button>
        )
      }
    >
      <Trans>Imports that are running, queued, waiting or paused. This page updates automatically.</Trans>
    </PageHeader>
  );
  if (queue.data === undefined) return <QueryState query={queue} what={t`the queue`} />;
  const all = PARTS.flatMap((part) => queue.data[part]);
  const banks = new Map(all.map((entry) => [entry.connection_id, `${entry.bank} (${entry.connection_id})`]));
  const parts = PARTS.filter((part) => filter.show === undefined || filter.show === part).map((part) => ({
    part,
    entries: queue.data[part].filter(
      (entry) =>
        (filter.bank === undefined || entry.connection_id === filter.bank) &&
        (filter.kind === undefined || entry.job_type === filter.kind),
    ),
  }));
  const shown = parts.filter(({ entries }) => entries.length > 0);
  return (
    <>
      {header}
      <QueryState query={queue} what={t`the queue`} />
      <Stack>
        {pause.error && <Problem error={pause.error} />}
        {queue.data.is_paused && <QueuePausedAlert />}
        <Group align="end">
          <SegmentedControl
            aria-label={t`Show`}
            value={filter.show ?? "all"}
            data={[
              { value: "all", label: t`All` },
              ...PARTS.map((part) => ({ value: part, label: `${t(PART_NAMES[part])} ${queue.data[part].length}` })),
            ]}
            onChange={(value) => onFilter(defined({ ...filter, show: PARTS.find((part) => part === value) }))}
            style={{ flexWrap: "wrap" }}
          />
          {(banks.size > 1 || filter.bank !== undefined) && (
            <Select
              aria-label={t`Bank`}
              placeholder={t`Every bank`}
              clearable
              data={[...banks].map(([id, label]) => ({ value: id, label }))}
              value={filter.bank ?? null}
              onChange={(value) => onFilter(defined({ ...filter, bank: value ?? undefined }))}
            />
          )}
          <Select
            aria-label={t`Kind`}
            placeholder={t`Any kind`}
            clearable
            data={JOB_TYPES.map((kind) => ({ value: kind, label: codeWords(kind) }))}
            value={filter.kind ?? null}
            onChange={(value) => onFilter(defined({ ...filter, kind: JOB_TYPES.find((kind) => kind === value) }))}
          />
        </Group>
        <EndedCounts counts={queue.data.counts} />
        <BulkActions entries={all.filter((entry) => chosen.has(entry.job_id))} onDone={() => setChosen(new Set())} />
        {shown.length === 0 && (
          <EmptyState
            icon={IconChecks}
            title={t`The queue is empty`}
            action={
              <Button component={Link} to="/imports/new">
                <Trans>Start an import</Trans>
              </Button>
            }
          >
            {filter.show || filter.bank || filter.kind
              ? t`Nothing matches these filters.`
              : t`Imports that you start appear here.`}
          </EmptyState>
        )}
        {shown.map(({ part, entries }) => (
          <QueueTable
            key={part}
            part={part}
            entries={entries}
            chosen={chosen}
            isQueuePaused={queue.data.is_paused}
            onChoose={setChosen}
          />
        ))}
      </Stack>
    </>
  );
}
