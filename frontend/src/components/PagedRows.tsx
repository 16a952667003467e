import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { EmptyState } from "./EmptyState";
import { MoreButton } from "./MoreButton";
import { QueryState } from "./QueryState";

type Props<Page, Row> = {
  pages: UseInfiniteQueryResult<InfiniteData<Page>>;
  /** What is loaded, as in “Loading calls”. */
  what: string;
  /** What is said where there is no row. */
  empty: string;
  rowsOf: (page: Page) => Row[];
  children: (rows: Row[]) => ReactNode;
};

/** A list that is read page by page: its rows, or that they are loading, missing or none, and the way to more. */
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
