import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { AppShell, Box, Burger, Group, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";
import { ApiError } from "../api/errors";
import { ErrorState } from "../components/ErrorState";
import { LoadingState } from "../components/LoadingState";
import { useMe } from "../features/auth/useMe";
import { NotificationBell } from "../features/notifications/NotificationBell";
import { useUserChanges } from "../realtime/useUserChanges";
import classes from "./Layout.module.css";
import { Menu } from "./Menu";
import { SchemeMenu } from "./SchemeMenu";
import { UserMenu } from "./UserMenu";

const SignInPage = lazy(async () => ({ default: (await import("../features/auth/SignInPage")).SignInPage }));

/** The frame of every page; shows the sign-in form if nobody is signed in. */
export function Layout() {
  const me = useMe();
  if (me.isPending) return <Starting />;
  if (me.error instanceof ApiError && me.error.status === 401) {
    return (
      <Suspense fallback={<Starting />}>
        <SignInPage wasSignedIn={me.data !== undefined} />
      </Suspense>
    );
  }
  if (me.error) {
    return (
      <Box component="main" p="md">
        <ErrorState error={me.error} onRetry={() => void me.refetch()} />
      </Box>
    );
  }
  return <SignedIn email={me.data.email} />;
}

function Starting() {
  return (
    <Box component="main" p="md">
      <LoadingState what={t`bankimport`} />
    </Box>
  );
}

function SignedIn({ email }: { email: string }) {
  const [isMenuOpen, menu] = useDisclosure(false);
  const main = useFocusAfterNavigation();
  useUserChanges();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !isMenuOpen } }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <a className={classes.skip} href="#content">
        <Trans>Skip to the content</Trans>
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isMenuOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isMenuOpen ? t`Close the menu` : t`Open the menu`}
              aria-expanded={isMenuOpen}
            />
            <Text className={classes.name} component={Link} to="/">
              <Trans>bankimport</Trans>
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <NotificationBell />
            <SchemeMenu />
            <UserMenu email={email} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={t`Pages`}>
        <AppShell.Section grow component={ScrollArea} type="auto" offsetScrollbars="present">
          <Menu onFollow={menu.close} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} ref={main} className={classes.main}>
        <div className={classes.content}>
          <Suspense fallback={<LoadingState what={t`page`} />}>
            <Outlet />
          </Suspense>
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

/** Moves the focus to the content when a page opens, so that keyboards and screen readers start there. */
function useFocusAfterNavigation() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
