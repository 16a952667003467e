import { Anchor, Badge, Card, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "../../api/health";
import type { components } from "../../api/schema.gen";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";
import { capitalised } from "../../lib/capitalised";
import { serverWords } from "../../lib/serverWords";

type Health = components["schemas"]["HealthRead"];
type Check = components["schemas"]["HealthCheck"];

const WORDS = { ok: "OK", warn: "warning", fail: "failing" } as const;
const COLOURS = { ok: "green", warn: "yellow", fail: "red" } as const;

/** Whether everything works, at a glance. */
export function HealthPage() {
  const health = useQuery({ ...healthQuery, refetchInterval: 10_000 });
  return (
    <>
      <PageHeader
        title="Health"
        badge={
          health.data && (
            <Badge color={COLOURS[health.data.state]} variant="light">
              {WORDS[health.data.state]}
            </Badge>
          )
        }
      >
        The state of all processes and of scheduled imports.
      </PageHeader>
      <QueryState query={health} what="health" />
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
          Processes
        </Title>
        <Table.ScrollContainer minWidth={520}>
          <Table aria-label="Processes">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Process</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th>Started</Table.Th>
                <Table.Th ta="right">Memory</Table.Th>
                <Table.Th ta="right">Busy</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {health.processes.map((process) => (
                <Table.Tr key={process.name}>
                  <Table.Td>{process.name}</Table.Td>
                  <Table.Td>{process.kind}</Table.Td>
                  <Table.Td>
                    <When at={process.started_at} />
                  </Table.Td>
                  <Table.Td ta="right">{Math.round((process.figures.memory_bytes ?? 0) / 1e6)} MB</Table.Td>
                  <Table.Td ta="right">
                    {process.figures.worker_threads === undefined
                      ? "–"
                      : `${process.figures.worker_threads_busy ?? 0} of ${process.figures.worker_threads}`}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Text mt="sm">
          {health.flower_url ? (
            <Anchor href={health.flower_url} target="_blank" rel="noreferrer" inherit>
              Open Flower to inspect workers and tasks
            </Anchor>
          ) : (
            "Start with --flower to inspect workers and tasks."
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
          {WORDS[check.state]}
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
