import { NavLink, Stack } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { menuPageOf, PAGES } from "./pages";

/** The links to every page; `onFollow` is called when one is followed. */
export function Menu({ onFollow }: { onFollow: () => void }) {
  const { pathname } = useLocation();
  const current = menuPageOf(pathname);
  return (
    <Stack gap={2}>
      {PAGES.map((page) => (
        <NavLink
          key={page.to}
          component={Link}
          to={page.to}
          activeOptions={{ exact: true }}
          label={page.label}
          leftSection={<page.icon size={18} stroke={1.6} aria-hidden />}
          active={page.to === current}
          aria-current={page.to === current ? "page" : undefined}
          onClick={onFollow}
          style={{ borderRadius: "var(--mantine-radius-md)" }}
        />
      ))}
    </Stack>
  );
}
