import { Button, Card, Grid, Group, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { useOnce } from "../../lib/useOnce";
import { EnrichmentNav } from "./EnrichmentNav";
import { EstimateFigures } from "./EstimateFigures";
import { OutgoingText } from "./OutgoingText";
import { type EnrichmentRequest, useEnrich } from "./useEnrichment";

const TYPING_MS = 400;
const CAP = /^\d{1,9}(\.\d{1,6})? [A-Z]{3}$/;

type Props = { importJobId: number | undefined; onAllRows: () => void };

/** Says what an enrichment would take and send before it is begun. */
export function NewEnrichmentPage({ importJobId, onAllRows }: Props) {
  const navigate = useNavigate();
  const form = useForm({ initialValues: { usesModel: true, isRefresh: false, cap: "", at: "" } });
  const { usesModel, isRefresh, cap, at } = form.values;
  const isCapFine = cap.trim() === "" || CAP.test(cap.trim());
  const wanted = useMemo<EnrichmentRequest>(
    () => ({
      transaction_ids: [],
      ...(importJobId === undefined ? {} : { import_job_id: importJobId }),
      uses_model: usesModel,
      is_refresh: usesModel && isRefresh,
      ...(usesModel && cap.trim() && isCapFine ? { cap: cap.trim() } : {}),
      ...(at ? { enrich_at: new Date(at).toISOString() } : {}),
    }),
    [importJobId, usesModel, isRefresh, cap, isCapFine, at],
  );
  const [settled] = useDebouncedValue(wanted, TYPING_MS);
  const estimate = useQuery(enrichmentQueries.estimate(settled));
  const enrich = useEnrich();
  const begin = useOnce(async () => {
    const job = await enrich.mutateAsync(wanted);
    await navigate({ to: "/enrichment/jobs/$jobId", params: { jobId: job.id } });
  });
  return (
    <>
      <PageHeader title="Enrich rows">
        Nothing is sent and nothing changes before you begin. What you edited is never overwritten.
      </PageHeader>
      <EnrichmentNav />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <form onSubmit={form.onSubmit(() => void begin())}>
            <Card component="section" aria-label="What to do">
              <Stack>
                <Group justify="space-between">
                  <Text size="sm">
                    {importJobId === undefined ? "All of your rows." : `The rows of import ${importJobId}.`}
                  </Text>
                  {importJobId !== undefined && (
                    <Button size="compact-sm" variant="default" onClick={onAllRows}>
                      All rows instead
                    </Button>
                  )}
                </Group>
                <Switch
                  label="Ask the model for merchants that nothing else knows"
                  description="Off: by rules, corrections, what is remembered and the bank's word alone, at no cost"
                  {...form.getInputProps("usesModel", { type: "checkbox" })}
                />
                <Switch
                  label="Ask again what another model or an older prompt said"
                  description="For when the model or bankimport is newer than the answers that are remembered"
                  disabled={!usesModel}
                  {...form.getInputProps("isRefresh", { type: "checkbox" })}
                  checked={usesModel && isRefresh}
                />
                <TextInput
                  label="Most that it may spend"
                  description="It stops before it would pass this; empty: as the settings say"
                  placeholder="0.50 USD"
                  disabled={!usesModel}
                  {...form.getInputProps("cap")}
                  error={!isCapFine && "An amount and its currency, such as 0.50 USD"}
                />
                <TextInput
                  type="datetime-local"
                  label="Not before"
                  description="Empty: at once"
                  {...form.getInputProps("at")}
                />
                {enrich.error && <Problem error={enrich.error} title="It was not begun" />}
                <Group>
                  <Button
                    type="submit"
                    loading={enrich.isPending}
                    disabled={!isCapFine || estimate.data?.transactions === 0}
                  >
                    {at ? "Plan it" : "Begin"}
                  </Button>
                  <Button variant="default" onClick={() => void navigate({ to: "/enrichment" })}>
                    Leave it
                  </Button>
                </Group>
              </Stack>
            </Card>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <Card component="section" aria-label="What it would take">
              <Title order={2} size="h5" mb="xs">
                What it would take
              </Title>
              <EstimateFigures estimate={estimate} usesModel={usesModel} />
            </Card>
            {usesModel && estimate.data && estimate.data.model !== null && (
              <OutgoingText wanted={settled} calls={estimate.data.calls ?? 0} />
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}
