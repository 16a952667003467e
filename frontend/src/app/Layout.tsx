import { AppShell, Button, Group, NavLink, Text } from "@mantine/core";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { ApiError } from "../api/errors";
import { Loading } from "../components/Loading";
import { Problem } from "../components/Problem";
import { SignInPage } from "../features/auth/SignInPage";
import { useMe, useSignOut } from "../features/auth/useMe";

const PAGES = [
  { to: "/imports", label: "Imports" },
  { to: "/connections", label: "Banks and accounts" },
  { to: "/transactions", label: "Transactions" },
] as const;

/** The frame of every page; asks for a sign-in where there is none. */
export function Layout() {
  const me = useMe();
  const signOut = useSignOut();
  const { pathname } = useLocation();
  if (me.isPending) return <Loading what="bankimport" />;
  if (me.error instanceof ApiError && me.error.status === 401) return <SignInPage />;
  if (me.error) return <Problem error={me.error} />;
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: true } }} padding="md">
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between">
          <Text fw={700} component={Link} to="/imports">
            bankimport
          </Text>
          <Group gap="sm">
            {PAGES.map((page) => (
              <Button key={page.to} component={Link} to={page.to} variant="subtle" size="compact-sm" hiddenFrom="sm">
                {page.label}
              </Button>
            ))}
            <Text size="sm" visibleFrom="sm">
              {me.data.email}
            </Text>
            <Button variant="default" size="compact-sm" loading={signOut.isPending} onClick={() => signOut.mutate()}>
              Sign out
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        {PAGES.map((page) => (
          <NavLink
            key={page.to}
            component={Link}
            to={page.to}
            label={page.label}
            active={pathname.startsWith(page.to)}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
