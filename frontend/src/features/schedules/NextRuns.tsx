import { ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Badge, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { SchedulePreview } from "../../api/types";
import { Listed } from "../../components/Listed";
import { When } from "../../components/When";

/** The next runs with dates, expected calls and possible problems. */
export function NextRuns({ preview }: { preview: SchedulePreview }) {
  return (
    <Stack gap="sm">
      <Text fw={500}>{capital(preview.in_words)}</Text>
      {preview.warnings.length > 0 && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={t`Check this first`} role="status">
          <Stack gap={4} component="ul" pl="md" my={0}>
            {preview.warnings.map((warning) => (
              <li key={`${warning.code} ${warning.run}`}>{capital(warning.message)}</li>
            ))}
          </Stack>
        </Alert>
      )}
      <Table.ScrollContainer minWidth={280}>
        <Table aria-label={t`Next runs`} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Run</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>When</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Calls</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {preview.runs.map((run) => (
              <Table.Tr key={run.number}>
                <Table.Td>{run.number}</Table.Td>
                <Table.Td>
                  <div>{run.in_words}</div>
                  <Text size="xs" c="dimmed" component="div">
                    <Listed>
                      <When at={run.fires_from} isDistance />
                      {run.fires_until !== run.fires_from && t`up to ${{ run: minutesBetween(run) }} later`}
                    </Listed>
                  </Text>
                  {run.shift && (
                    <Text size="xs" component="div">
                      {capital(run.shift)}
                    </Text>
                  )}
                  {run.warnings.length > 0 && (
                    <Badge color="orange" variant="light" size="sm">
                      <Trans>see above</Trans>
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                  {run.calls}
                  <Text size="xs" c="dimmed">
                    <Trans>
                      {ph({ allowanceSpent: run.allowance_spent })} of {ph({ allowance: run.allowance })} allowed
                    </Trans>
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed">
        <Trans>
          Allowed: the unattended calls that banks accept per account and 24 hours, and how many of them the busiest
          account will have used.
        </Trans>
      </Text>
    </Stack>
  );
}

function minutesBetween(run: SchedulePreview["runs"][number]): string {
  return plural(
    { value: Math.round((Date.parse(run.fires_until) - Date.parse(run.fires_from)) / 60_000) },
    { one: "# minute", other: "# minutes" },
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
