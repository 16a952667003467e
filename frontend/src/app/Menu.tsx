import { plural, t } from "@lingui/core/macro";
import { Badge, NavLink, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { overviewQueries } from "../api/overview";
import type { OverviewCounts } from "../api/types";
import { formatCount } from "../lib/formatCount";
import { menuPageOf, PAGES } from "./pages";

/** The links to every page, with the number of what waits there; `onFollow` is called when one is followed. */
export function Menu({ onFollow }: { onFollow: () => void }) {
  const { pathname } = useLocation();
  const current = menuPageOf(pathname);
  const counts = useQuery(overviewQueries.counts()).data;
  return (
    <Stack gap={2}>
      {PAGES.map((page) => (
        <NavLink
          key={page.to}
          component={Link}
          to={page.to}
          activeOptions={{ exact: true }}
          label={t(page.label)}
          leftSection={<page.icon size={18} stroke={1.6} aria-hidden />}
          rightSection={<Count what={page.count} counts={counts} />}
          active={page.to === current}
          aria-current={page.to === current ? "page" : undefined}
          onClick={onFollow}
          style={{ borderRadius: "var(--mantine-radius-md)" }}
        />
      ))}
    </Stack>
  );
}

type CountProps = { what: keyof OverviewCounts | undefined; counts: OverviewCounts | undefined };

function Count({ what, counts }: CountProps) {
  const count = what && counts ? counts[what] : 0;
  if (!what || count === 0) return null;
  return (
    <Badge size="sm" variant="light" color={what === "queue" ? "indigo" : "orange"} aria-label={said(count, what)}>
      {formatCount(count)}
    </Badge>
  );
}

function said(count: number, what: keyof OverviewCounts): string {
  switch (what) {
    case "queue":
      return plural(count, { one: "# import", other: "# imports" });
    case "failed_imports":
      return plural(count, { one: "# failed import", other: "# failed imports" });
    case "transfers":
      return plural(count, { one: "# suggestion", other: "# suggestions" });
    case "reviews":
      return plural(count, { one: "# open decision", other: "# open decisions" });
    case "banks":
      return t`${{ count: formatCount(count) }}: consent that needs you`;
    case "broken_accounts":
      return t`${{ count: formatCount(count) }}: account with broken days`;
  }
}
