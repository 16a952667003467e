import { Anchor, Stack, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { LoadingState } from "../../components/LoadingState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { StatusBadge } from "../../components/StatusBadge";
import { formatDay, formatInstant } from "../../lib/formatDay";
import { ImportPlanForm } from "./ImportPlanForm";
import { useImportHistory } from "./useImports";

export function ImportJobsPage() {
  const history = useImportHistory();
  return (
    <Stack>
      <PageHeader title="Imports" />
      <ImportPlanForm />
      {history.isPending && <LoadingState what="imports" />}
      {history.error && <Problem error={history.error} />}
      {history.data?.length === 0 && <Text c="dimmed">Nothing was imported yet.</Text>}
      {history.data && history.data.length > 0 && (
        <Table.ScrollContainer minWidth={700}>
          <Table aria-label="Imports">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Import</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>Days</Table.Th>
                <Table.Th ta="right">Accounts</Table.Th>
                <Table.Th ta="right">New</Table.Th>
                <Table.Th ta="right">Held already</Table.Th>
                <Table.Th ta="right">Errors</Table.Th>
                <Table.Th ta="right">Calls</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {history.data.map((entry) => (
                <Table.Tr key={entry.job_id}>
                  <Table.Td>
                    <Anchor component={Link} to={`/imports/${entry.job_id}`}>
                      {entry.job_id}, {formatInstant(entry.created_at)}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <StatusBadge status={entry.status} />
                  </Table.Td>
                  <Table.Td>
                    {formatDay(entry.date_range.from)} – {formatDay(entry.date_range.to)}
                  </Table.Td>
                  <Table.Td ta="right">
                    {entry.accounts_synced} of {entry.accounts_total}
                  </Table.Td>
                  <Table.Td ta="right">{entry.transactions_imported}</Table.Td>
                  <Table.Td ta="right">{entry.duplicates}</Table.Td>
                  <Table.Td ta="right">{entry.errors}</Table.Td>
                  <Table.Td ta="right">{entry.api_calls}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
