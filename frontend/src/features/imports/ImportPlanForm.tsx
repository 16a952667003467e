import { Button, Card, Checkbox, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "../../components/Problem";
import { daysAgo } from "../../lib/formatDay";
import { PlanSummary } from "./PlanSummary";
import { useImportSources, usePlanImport, useStartImport } from "./useImports";

const PRESETS = [
  { label: "7 days", days: 6 },
  { label: "30 days", days: 29 },
  { label: "3 months", days: 90 },
  { label: "2 years", days: 730 },
];

/** Choose days and accounts, see the plan, start it. */
export function ImportPlanForm() {
  const [chosen, setChosen] = useState<number | null>(null);
  const [from, setFrom] = useState(daysAgo(29));
  const [excluded, setExcluded] = useState<string[]>([]);
  const first = useImportSources(chosen);
  const connectionId = chosen ?? first.connections.data?.[0]?.id ?? null;
  const { connections, accounts } = useImportSources(connectionId);
  const plan = usePlanImport();
  const start = useStartImport();
  const navigate = useNavigate();
  const listed = accounts.data ?? [];
  const wanted = listed.filter((account) => !excluded.includes(account.account_id));

  function makePlan() {
    if (connectionId === null) return;
    const ids = (kind: string) => wanted.filter((row) => row.kind === kind).map((row) => row.account_id);
    plan.mutate({ connection_id: connectionId, from_date: from, account_ids: ids("account"), card_ids: ids("card") });
  }
  function begin(jobId: number) {
    start.mutate(jobId, {
      onSuccess: () => void navigate({ to: "/imports/$jobId", params: { jobId: String(jobId) } }),
    });
  }
  if (connections.data?.length === 0) {
    return <Text c="dimmed">Connect a bank first; then its accounts and cards can be imported here.</Text>;
  }
  return (
    <Card withBorder component="section" aria-label="New import">
      <Stack>
        <Title order={2} size="h4">
          New import
        </Title>
        <Group align="end">
          <Select
            label="Bank"
            data={(connections.data ?? []).map((row) => ({ value: String(row.id), label: row.bank }))}
            value={connectionId === null ? null : String(connectionId)}
            onChange={(value) => setChosen(value === null ? null : Number(value))}
            allowDeselect={false}
          />
          <TextInput
            label="From"
            type="date"
            value={from}
            max={daysAgo(0)}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <Text pb={6}>to today</Text>
          {PRESETS.map((preset) => (
            <Button key={preset.label} variant="default" onClick={() => setFrom(daysAgo(preset.days))}>
              {preset.label}
            </Button>
          ))}
        </Group>
        <Group component="fieldset" style={{ border: 0, padding: 0 }}>
          <legend>Accounts and cards</legend>
          {listed.map((account) => (
            <Checkbox
              key={account.account_id}
              label={account.display_name}
              checked={!excluded.includes(account.account_id)}
              onChange={(event) =>
                setExcluded(
                  event.currentTarget.checked
                    ? excluded.filter((id) => id !== account.account_id)
                    : [...excluded, account.account_id],
                )
              }
            />
          ))}
        </Group>
        {plan.error && <Problem error={plan.error} />}
        {start.error && <Problem error={start.error} />}
        {plan.data && <PlanSummary plan={plan.data} />}
        <Group>
          <Button variant={plan.data ? "default" : "filled"} loading={plan.isPending} disabled={wanted.length === 0} onClick={makePlan}>
            {plan.data ? "Plan again" : "Plan"}
          </Button>
          {plan.data && (
            <Button loading={start.isPending} onClick={() => begin(plan.data.job_id)}>
              Start the import
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
