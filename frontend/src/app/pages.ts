/** The pages in the menu, in order. */
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
export type MenuPage = { to: string; label: string; icon: Icon; count?: keyof OverviewCounts };

export const PAGES: MenuPage[] = [
  { to: "/", label: "Overview", icon: IconLayoutDashboard },
  { to: "/imports/new", label: "New import", icon: IconPlayerPlay },
  { to: "/queue", label: "Queue", icon: IconListDetails, count: "queue" },
  { to: "/imports", label: "Imports", icon: IconHistory, count: "failed_imports" },
  { to: "/connections", label: "Banks and accounts", icon: IconBuildingBank, count: "banks" },
  { to: "/transactions", label: "Transactions", icon: IconReceipt2 },
  { to: "/transfers", label: "Transfers", icon: IconArrowsLeftRight, count: "transfers" },
  { to: "/proof", label: "Coverage and proof", icon: IconShieldCheck, count: "broken_accounts" },
  { to: "/review", label: "Review", icon: IconChecklist, count: "reviews" },
  { to: "/enrichment", label: "Enrichment", icon: IconTags },
  { to: "/enrichment/rules", label: "Rules", icon: IconFilter },
  { to: "/enrichment/categories", label: "Categories", icon: IconCategory },
  { to: "/schedules", label: "Schedules", icon: IconCalendarRepeat },
  { to: "/costs", label: "Costs", icon: IconReportMoney },
  { to: "/health", label: "Health", icon: IconHeartbeat },
  { to: "/settings", label: "Settings", icon: IconSettings },
];

/** The menu page for a path: the one with the longest matching prefix. */
export function menuPageOf(pathname: string): string | undefined {
  return PAGES.map((page) => page.to)
    .filter((to) => pathname === to || pathname.startsWith(`${to}/`))
    .sort((left, right) => right.length - left.length)[0];
}
