import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, SimpleGrid, Stack } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { overviewQueries } from "../../api/overview";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { BankTable } from "./BankTable";
import { Charts } from "./Charts";
import { FirstPage } from "./FirstPage";
import { MonthCard } from "./MonthCard";
import { NeedsList } from "./NeedsList";
import { NextRuns } from "./NextRuns";
import { RunningList } from "./RunningList";

/** The start: what is up to date, what needs the user, what runs, and what it costs. */
export function OverviewPage() {
  const overview = useQuery(overviewQueries.whole());
  if (overview.data === undefined) return <QueryState query={overview} what={t`the overview`} />;
  if (overview.data.banks.length === 0) return <FirstPage />;
  const actions = (
    <Button component={Link} to="/imports/new" leftSection={<IconPlayerPlay size={16} aria-hidden />}>
      <Trans>New import</Trans>
    </Button>
  );
  return (
    <>
      <PageHeader title={t`Overview`} actions={actions}>
        <Trans>What is up to date, what needs you, and what it costs.</Trans>
      </PageHeader>
      <Stack gap="lg">
        <QueryState query={overview} what={t`the overview`} />
        <NeedsList overview={overview.data} />
        <BankTable banks={overview.data.banks} />
        <SimpleGrid cols={{ base: 1, md: 3 }}>
          <RunningList overview={overview.data} />
          <NextRuns runs={overview.data.next_runs} />
          <MonthCard month={overview.data.month} />
        </SimpleGrid>
        <Charts overview={overview.data} />
      </Stack>
    </>
  );
}
