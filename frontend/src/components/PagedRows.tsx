import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { EmptyState } from "./EmptyState";
import { MoreButton } from "./MoreButton";
import { QueryState } from "./QueryState";

type Props<Page, Row> = {
  pages: UseInfiniteQueryResult<InfiniteData<Page>>;
  /** What is loaded, as in “Loading calls”. */
  what: string;
  /** The text shown when there are no rows. */
  empty: string;
  rowsOf: (page: Page) => Row[];
  children: (rows: Row[]) => ReactNode;
};

/** A list that is loaded page by page: its rows, a loading, error or empty state, and a button for the next page. */
export function PagedRows<Page, Row>({ pages, what, empty, rowsOf, children }: Props<Page, Row>) {
  if (pages.data === undefined) return <QueryState query={pages} what={what} />;
  const rows = pages.data.pages.flatMap(rowsOf);
  if (rows.length === 0) return <EmptyState title={empty} />;
  return (
    <>
      <QueryState query={pages} what={what} />
      {children(rows)}
      <MoreButton pages={pages} />
    </>
  );
}
