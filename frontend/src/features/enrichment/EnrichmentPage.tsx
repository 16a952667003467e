import { msg, ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Stack, Text, Title } from "@mantine/core";
import { IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { enrichmentQueries } from "../../api/enrichment";
import type { components } from "../../api/schema.gen";
import { EmptyState } from "../../components/EmptyState";
import { Figures } from "../../components/Figures";
import { MoreButton } from "../../components/MoreButton";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
import { allOf } from "../../lib/listed";
import { EnrichmentNav } from "./EnrichmentNav";
import { JobCard } from "./JobCard";
import { useEnrichmentJobs } from "./useEnrichment";

type Spend = components["schemas"]["SpendRead"];

/** The progress of enrichment, and its cost this month. */
export function EnrichmentPage() {
  const jobs = useEnrichmentJobs();
  const listed = jobs.data?.pages.flatMap((page) => page.jobs) ?? [];
  const add = (
    <Button component={Link} to="/enrichment/new">
      <Trans>Enrich rows</Trans>
    </Button>
  );
  return (
    <>
      <PageHeader title={t`Enrichment`} actions={add}>
        <Trans>
          The merchant and category of each row, from your rules, your corrections, cached answers, the bank's
          categories and, if configured, a model. Your edits are never overwritten.
        </Trans>
      </PageHeader>
      <EnrichmentNav />
      <Stack>
        <MonthsSpend />
        <QueryState query={jobs} what={t`enrichment`} />
        {jobs.data && listed.length === 0 && (
          <EmptyState title={t`No enrichment jobs yet`} icon={IconTags} action={add}>
            <Trans>An import with enrichment creates a job when it ends. You can enrich your stored rows now.</Trans>
          </EmptyState>
        )}
        {listed.map((job) => (
          <JobCard key={job.id} job={job} />
        ))}
        <MoreButton pages={jobs} />
      </Stack>
    </>
  );
}

const CAP_STATES = { free: msg`most of it`, near: msg`little`, reached: msg`nothing` };

/** What is left of the month's cap; if other users share it, only whether it is near. */
function leftOfCap({ monthly_cap, monthly_cap_left, monthly_cap_state }: Spend): string {
  if (monthly_cap === null || monthly_cap_state === null) return t`no cap`;
  if (monthly_cap_left === null) return t(CAP_STATES[monthly_cap_state]);
  return formatMoney(monthly_cap_left, monthly_cap.split(" ").at(-1) ?? "");
}

/** The cap, which the API gives as “5 GBP”. */
function capInWords(cap: string): string {
  const [amount = "", currency = ""] = cap.split(" ");
  return formatMoney(amount, currency);
}

/** What the model cost this month, and what is left of the cap. */
function MonthsSpend() {
  const spend = useQuery(enrichmentQueries.spend());
  const spent = spend.data;
  if (spent === undefined) return spend.error ? <QueryState query={spend} what={t`what the model cost`} /> : null;
  const unknown = spent.calls_of_unknown_price;
  const known = allOf(spent.amounts.map((money) => formatMoney(money.amount, money.currency))) || t`nothing`;
  return (
    <Card component="section" aria-label={t`This month`}>
      <Title order={2} size="h5" mb="xs">
        <Trans>The model this month</Trans>
      </Title>
      {spent.calls === 0 && spent.monthly_cap === null ? (
        <Text size="sm" c="dimmed">
          <Trans>No calls to a model. Rules, corrections and the bank's categories are free.</Trans>
        </Text>
      ) : (
        <Figures
          figures={[
            [
              t`Spent`,
              unknown === 0
                ? known
                : t`${known}, and ${plural(unknown, { one: "# call", other: "# calls" })} of unknown price`,
            ],
            [t`Left of the cap`, leftOfCap(spent)],
            [
              t`Calls`,
              spent.reserved_calls > 0
                ? t`${{ calls: formatCount(spent.calls) }}, ${{ reservedCalls: spent.reserved_calls }} in progress`
                : formatCount(spent.calls),
            ],
            [t`Tokens in and out`, `${formatCount(spent.input_tokens)} / ${formatCount(spent.output_tokens)}`],
            [t`Cached tokens`, formatCount(spent.cached_tokens)],
          ]}
        />
      )}
      {spent.monthly_cap !== null && (
        <Text size="sm" c="dimmed" mt="xs">
          <Trans>
            The cap of {ph({ monthlyCap: capInWords(spent.monthly_cap) })} per month is shared by all users of this
            installation.
          </Trans>
        </Text>
      )}
    </Card>
  );
}
