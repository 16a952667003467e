import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconReceiptOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../components/EmptyState";

/** Why there is nothing to see, and what to do. */
export function NothingFound({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={IconReceiptOff}
        title={t`No transactions match these filters`}
        action={
          <Button variant="default" onClick={onClear}>
            <Trans>Clear the filters</Trans>
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={IconReceiptOff}
      title={t`No transactions yet`}
      action={
        <Button component={Link} to="/imports">
          <Trans>Import transactions</Trans>
        </Button>
      }
    >
      <Trans>Import your accounts to see their transactions here.</Trans>
    </EmptyState>
  );
}
