import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "../components/EmptyState";
import { PageHeader } from "../components/PageHeader";

export function NotFoundPage() {
  return (
    <>
      <PageHeader title={t`Page not found`} />
      <EmptyState
        icon={IconMapPinOff}
        title={t`This address does not exist`}
        action={
          <Button component={Link} to="/">
            <Trans>Go to the overview</Trans>
          </Button>
        }
      >
        <Trans>The link may be outdated or mistyped.</Trans>
      </EmptyState>
    </>
  );
}
