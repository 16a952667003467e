import { Anchor, Card, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { rowsPage } from "./costsSearch";

/** Opens the rows behind a figure. */
export function RowsLink({ rows, children, label }: { rows: string; children: ReactNode; label?: string }) {
  const { what, search } = rowsPage(rows);
  return (
    <Anchor
      inherit
      renderRoot={(props) => <Link {...props} to="/costs/$what" params={{ what }} search={search} />}
      {...(label ? { "aria-label": label } : {})}
    >
      {children}
    </Anchor>
  );
}

type Props = { label: string; value: ReactNode; hint?: ReactNode; rows?: string };

/** A figure with what it means, and the way to the rows behind it. */
export function Figure({ label, value, hint, rows }: Props) {
  return (
    <Card component="section" aria-label={label} h="100%">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={24} fw={650} lh={1.3} component="div">
        {rows === undefined ? value : <RowsLink rows={rows}>{value}</RowsLink>}
      </Text>
      {hint && (
        <Text size="sm" component="div">
          {hint}
        </Text>
      )}
    </Card>
  );
}
