/** The pages in the menu, in order. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  type Icon,
  IconArrowsLeftRight,
  IconBuildingBank,
  IconCalendarRepeat,
  IconCategory,
  IconChecklist,
  IconFilter,
  IconHeartbeat,
  IconHistory,
  IconLayoutDashboard,
  IconListDetails,
  IconPlayerPlay,
  IconReceipt2,
  IconReportMoney,
  IconSettings,
  IconShieldCheck,
  IconTags,
} from "@tabler/icons-react";
import type { OverviewCounts } from "../api/types";

/** `count` names what waits there for the user. */
export type MenuPage = { to: string; label: MessageDescriptor; icon: Icon; count?: keyof OverviewCounts };

export const PAGES: MenuPage[] = [
  { to: "/", label: msg`Overview`, icon: IconLayoutDashboard },
  { to: "/imports/new", label: msg`New import`, icon: IconPlayerPlay },
  { to: "/queue", label: msg`Queue`, icon: IconListDetails, count: "queue" },
  { to: "/imports", label: msg`Imports`, icon: IconHistory, count: "failed_imports" },
  { to: "/connections", label: msg`Banks and accounts`, icon: IconBuildingBank, count: "banks" },
  { to: "/transactions", label: msg`Transactions`, icon: IconReceipt2 },
  { to: "/transfers", label: msg`Transfers`, icon: IconArrowsLeftRight, count: "transfers" },
  { to: "/proof", label: msg`Coverage and proof`, icon: IconShieldCheck, count: "broken_accounts" },
  { to: "/review", label: msg`Review`, icon: IconChecklist, count: "reviews" },
  { to: "/enrichment", label: msg`Enrichment`, icon: IconTags },
  { to: "/enrichment/rules", label: msg`Rules`, icon: IconFilter },
  { to: "/enrichment/categories", label: msg`Categories`, icon: IconCategory },
  { to: "/schedules", label: msg`Schedules`, icon: IconCalendarRepeat },
  { to: "/costs", label: msg`Costs`, icon: IconReportMoney },
  { to: "/health", label: msg`Health`, icon: IconHeartbeat },
  { to: "/settings", label: msg`Settings`, icon: IconSettings },
];

/** The menu page for a path: the one with the longest matching prefix. */
export function menuPageOf(pathname: string): string | undefined {
  return PAGES.map((page) => page.to)
    .filter((to) => pathname === to || pathname.startsWith(`${to}/`))
    .sort((left, right) => right.length - left.length)[0];
}
