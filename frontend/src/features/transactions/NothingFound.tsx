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
        title="No transactions match these filters"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={IconReceiptOff}
      title="No transactions yet"
      action={
        <Button component={Link} to="/imports">
          Import transactions
        </Button>
      }
    >
      Import your accounts to see their transactions here.
    </EmptyState>
  );
}
