import { Button } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "../components/EmptyState";
import { PageHeader } from "../components/PageHeader";

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <EmptyState
        icon={IconMapPinOff}
        title="Nothing lives at this address"
        action={
          <Button component={Link} to="/imports">
            See the imports
          </Button>
        }
      >
        The link may be old, or it was typed wrongly.
      </EmptyState>
    </>
  );
}
