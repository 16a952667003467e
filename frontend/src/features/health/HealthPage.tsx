import { msg, ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Anchor, Badge, Card, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "../../api/health";
import type { components } from "../../api/schema.gen";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";
import { WideTable } from "../../components/WideTable";
import { capitalised } from "../../lib/capitalised";
import { serverWords } from "../../lib/serverWords";

type Health = components["schemas"]["HealthRead"];
type Check = components["schemas"]["HealthCheck"];

const WORDS = { ok: msg`OK`, warn: msg`warning`, fail: msg`failing` } as const;
const COLOURS = { ok: "green", warn: "yellow", fail: "red" } as const;

/** Whether everything works, at a glance. */
export function HealthPage() {
  const health = useQuery({ ...healthQuery, refetchInterval: 10_000 });
  return (
    <>
      <PageHeader
        title={t`Health`}
        badge={
          health.data && (
            <Badge color={COLOURS[health.data.state]} variant="light">
              {t(WORDS[health.data.state])}
            </Badge>
          )
        }
      >
        <Trans>The state of all processes and of scheduled imports.</Trans>
      </PageHeader>
      <QueryState query={health} what={t`health`} />
      {health.data && <Details health={health.data} />}
    </>
  );
}

function Details({ health }: { health: Health }) {
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {health.checks.map((check) => (
          <CheckCard key={check.name} check={check} />
        ))}
      </SimpleGrid>
      <section aria-labelledby="processes">
        <Title order={2} size="h4" mb="xs" id="processes">
          <Trans>Processes</Trans>
        </Title>
        <WideTable minWidth={520}>
          <Table aria-label={t`Processes`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Process</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Role</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Started</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Memory</Trans>
                </Table.Th>
                <Table.Th ta="right">
                  <Trans>Busy</Trans>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {health.processes.map((process) => (
                <Table.Tr key={process.name}>
                  <Table.Td>{process.name}</Table.Td>
                  <Table.Td data-label={t`Role`}>{process.kind}</Table.Td>
                  <Table.Td data-label={t`Started`}>
                    <When at={process.started_at} />
                  </Table.Td>
                  <Table.Td data-label={t`Memory`} ta="right">
                    <Trans>{ph({ value: Math.round((process.figures.memory_bytes ?? 0) / 1e6) })} MB</Trans>
                  </Table.Td>
                  <Table.Td data-label={t`Busy`} ta="right">
                    {process.figures.worker_threads === undefined
                      ? "–"
                      : t`${{ workerThreadsBusy: process.figures.worker_threads_busy ?? 0 }} of ${{ workerThreads: process.figures.worker_threads }}`}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
        <Text mt="sm">
          {health.flower_url ? (
            <Anchor href={health.flower_url} target="_blank" rel="noreferrer" inherit>
              <Trans>Open Flower to inspect workers and tasks</Trans>
            </Anchor>
          ) : (
            t`Start with --flower to inspect workers and tasks.`
          )}
        </Text>
      </section>
    </Stack>
  );
}

function CheckCard({ check }: { check: Check }) {
  return (
    <Card component="article" aria-label={check.name}>
      <Group justify="space-between">
        <Text fw={600}>{capitalised(check.name)}</Text>
        <Badge color={COLOURS[check.state]} variant="light">
          {t(WORDS[check.state])}
        </Badge>
      </Group>
      <Text>{serverWords(check.found)}</Text>
      {check.remedy && (
        <Text size="sm" c="dimmed">
          {check.remedy}
        </Text>
      )}
    </Card>
  );
}
