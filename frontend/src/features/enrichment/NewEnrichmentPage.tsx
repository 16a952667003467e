import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Grid, Group, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import "@mantine/dates/styles.css";
import { useForm } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import { calendarWords } from "../../components/DayField";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { DAY_AND_TIME_FORMAT, instantOf } from "../../lib/dates";
import { useOnce } from "../../lib/useOnce";
import { EnrichmentNav } from "./EnrichmentNav";
import { EstimateFigures } from "./EstimateFigures";
import { OutgoingText } from "./OutgoingText";
import { type EnrichmentRequest, useEnrich } from "./useEnrichment";

const TYPING_MS = 400;
const CAP = /^\d{1,9}(\.\d{1,6})? [A-Z]{3}$/;

type Props = { importJobId: string | undefined; onAllRows: () => void };

/** Shows what an enrichment would cost and send before it starts. */
export function NewEnrichmentPage({ importJobId, onAllRows }: Props) {
  const navigate = useNavigate();
  const form = useForm({ initialValues: { usesModel: true, isRefresh: false, cap: "", at: null as string | null } });
  const { usesModel, isRefresh, cap, at } = form.values;
  const isCapFine = cap.trim() === "" || CAP.test(cap.trim());
  const request = useMemo<EnrichmentRequest>(
    () => ({
      transaction_ids: [],
      ...(importJobId === undefined ? {} : { import_job_id: importJobId }),
      uses_model: usesModel,
      is_refresh: usesModel && isRefresh,
      ...(usesModel && cap.trim() && isCapFine ? { cap: cap.trim() } : {}),
      ...(at ? { enrich_at: instantOf(at.slice(0, 10), at.slice(11)) } : {}),
    }),
    [importJobId, usesModel, isRefresh, cap, isCapFine, at],
  );
  const [settled] = useDebouncedValue(request, TYPING_MS);
  const estimate = useQuery(enrichmentQueries.estimate(settled));
  const enrich = useEnrich();
  const begin = useOnce(async () => {
    const job = await enrich.mutateAsync(request);
    await navigate({ to: "/enrichment/jobs/$jobId", params: { jobId: job.id } });
  });
  return (
    <>
      <PageHeader title={t`Enrich rows`}>
        <Trans>Nothing is sent or changed before you start. Your edits are never overwritten.</Trans>
      </PageHeader>
      <EnrichmentNav />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <form onSubmit={form.onSubmit(() => void begin())}>
            <Card component="section" aria-label={t`What to do`}>
              <Stack>
                <Group justify="space-between">
                  <Text size="sm">
                    {importJobId === undefined ? t`All of your rows.` : t`The rows of import ${importJobId}.`}
                  </Text>
                  {importJobId !== undefined && (
                    <Button size="compact-sm" variant="default" onClick={onAllRows}>
                      <Trans>All rows instead</Trans>
                    </Button>
                  )}
                </Group>
                <Switch
                  label={t`Use the model for merchants without another source`}
                  description={t`Off: use only rules, corrections, cached answers and the bank's categories (free)`}
                  {...form.getInputProps("usesModel", { type: "checkbox" })}
                />
                <Switch
                  label={t`Request answers from another model or an older prompt again`}
                  description={t`Use this after changing the model or upgrading bankimport`}
                  disabled={!usesModel}
                  {...form.getInputProps("isRefresh", { type: "checkbox" })}
                  checked={usesModel && isRefresh}
                />
                <TextInput
                  label={t`Maximum cost`}
                  description={t`The job stops before it exceeds this. Leave empty to use the default.`}
                  placeholder={t`0.50 USD`}
                  disabled={!usesModel}
                  {...form.getInputProps("cap")}
                  error={!isCapFine && t`An amount and its currency, such as 0.50 USD`}
                />
                <DateTimePicker
                  clearable
                  valueFormat={DAY_AND_TIME_FORMAT}
                  placeholder={t`31 Jan 2026, 14:05`}
                  ariaLabels={calendarWords()}
                  label={t`Not before`}
                  description={t`Leave empty to start now`}
                  {...form.getInputProps("at")}
                />
                {enrich.error && <Problem error={enrich.error} title={t`Starting failed`} />}
                <Group>
                  <Button
                    type="submit"
                    loading={enrich.isPending}
                    disabled={!isCapFine || estimate.data?.transactions === 0}
                  >
                    {at ? t`Schedule` : t`Start`}
                  </Button>
                  <Button variant="default" onClick={() => void navigate({ to: "/enrichment" })}>
                    <Trans>Cancel</Trans>
                  </Button>
                </Group>
              </Stack>
            </Card>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <Card component="section" aria-label={t`Estimate`}>
              <Title order={2} size="h5" mb="xs">
                <Trans>Estimate</Trans>
              </Title>
              <EstimateFigures estimate={estimate} usesModel={usesModel} />
            </Card>
            {usesModel && estimate.data?.model != null && (
              <OutgoingText enrichment={settled} calls={estimate.data.calls} />
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}
