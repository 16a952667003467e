/** The pages in the menu, in order. */
import {
  type Icon,
  IconArrowsLeftRight,
  IconBuildingBank,
  IconCalendarRepeat,
  IconChecklist,
  IconHeartbeat,
  IconHistory,
  IconListDetails,
  IconPlayerPlay,
  IconReceipt2,
  IconReportMoney,
  IconShieldCheck,
  IconTags,
} from "@tabler/icons-react";

export type MenuPage = { to: string; label: string; icon: Icon };

export const PAGES: MenuPage[] = [
  { to: "/imports/new", label: "New import", icon: IconPlayerPlay },
  { to: "/queue", label: "Queue", icon: IconListDetails },
  { to: "/imports", label: "Imports", icon: IconHistory },
  { to: "/connections", label: "Banks and accounts", icon: IconBuildingBank },
  { to: "/transactions", label: "Transactions", icon: IconReceipt2 },
  { to: "/transfers", label: "Transfers", icon: IconArrowsLeftRight },
  { to: "/proof", label: "Coverage and proof", icon: IconShieldCheck },
  { to: "/review", label: "Review", icon: IconChecklist },
  { to: "/enrichment", label: "Enrichment", icon: IconTags },
  { to: "/schedules", label: "Schedules", icon: IconCalendarRepeat },
  { to: "/costs", label: "Costs", icon: IconReportMoney },
  { to: "/health", label: "Health", icon: IconHeartbeat },
];

/** The menu page for a path: the one with the longest matching prefix. */
export function menuPageOf(pathname: string): string | undefined {
  return PAGES.map((page) => page.to)
    .filter((to) => pathname === to || pathname.startsWith(`${to}/`))
    .sort((left, right) => right.length - left.length)[0];
}
