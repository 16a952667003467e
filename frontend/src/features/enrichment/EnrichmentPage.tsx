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
import { counted, formatCount } from "../../lib/formatCount";
import { formatMoney } from "../../lib/formatMoney";
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
      Enrich rows
    </Button>
  );
  return (
    <>
      <PageHeader title="Enrichment" actions={add}>
        The merchant and category of each row, from your rules, your corrections, cached answers, the bank's categories
        and, if configured, a model. Your edits are never overwritten.
      </PageHeader>
      <EnrichmentNav />
      <Stack>
        <MonthsSpend />
        <QueryState query={jobs} what="enrichment" />
        {jobs.data && listed.length === 0 && (
          <EmptyState title="No enrichment jobs yet" icon={IconTags} action={add}>
            An import with enrichment creates a job when it ends. You can enrich your stored rows now.
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

const CAP_STATES = { free: "most of it", near: "little", reached: "nothing" };

/** What is left of the month's cap; if other users share it, only whether it is near. */
function leftOfCap({ monthly_cap, monthly_cap_left, monthly_cap_state }: Spend): string {
  if (monthly_cap === null || monthly_cap_state === null) return "no cap";
  if (monthly_cap_left === null) return CAP_STATES[monthly_cap_state];
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
  if (spent === undefined) return spend.error ? <QueryState query={spend} what="what the model cost" /> : null;
  const unknown = spent.calls_of_unknown_price;
  const known = spent.amounts.map((money) => formatMoney(money.amount, money.currency)).join(" and ") || "nothing";
  return (
    <Card component="section" aria-label="This month">
      <Title order={2} size="h5" mb="xs">
        The model this month
      </Title>
      {spent.calls === 0 && spent.monthly_cap === null ? (
        <Text size="sm" c="dimmed">
          No calls to a model. Rules, corrections and the bank's categories are free.
        </Text>
      ) : (
        <Figures
          figures={[
            ["Spent", unknown === 0 ? known : `${known}, and ${counted(unknown, "call")} of unknown price`],
            ["Left of the cap", leftOfCap(spent)],
            [
              "Calls",
              spent.reserved_calls > 0
                ? `${formatCount(spent.calls)}, ${spent.reserved_calls} in progress`
                : formatCount(spent.calls),
            ],
            ["Tokens in and out", `${formatCount(spent.input_tokens)} / ${formatCount(spent.output_tokens)}`],
            ["Cached tokens", formatCount(spent.cached_tokens)],
          ]}
        />
      )}
      {spent.monthly_cap !== null && (
        <Text size="sm" c="dimmed" mt="xs">
          The cap of {capInWords(spent.monthly_cap)} per month is shared by all users of this installation.
        </Text>
      )}
    </Card>
  );
}
