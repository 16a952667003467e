import { t } from "@lingui/core/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { costQueries } from "../../api/costs";
import { ModelCallTable } from "../../components/ModelCallTable";
import { PagedRows } from "../../components/PagedRows";
import type { RowsQuery } from "./costsSearch";

/** Requests to models, newest first, with their tokens and what they cost. */
export function LlmCallTable({ query }: { query: RowsQuery }) {
  return (
    <PagedRows
      pages={useInfiniteQuery(costQueries.llmCalls(query))}
      what={t`calls to models`}
      empty={t`No calls to models`}
      rowsOf={(page) => page.llm_calls}
    >
      {(rows) => <ModelCallTable calls={rows} />}
    </PagedRows>
  );
}
