import { Card, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { TextLink } from "../../components/TextLink";
import { rowsPage } from "./costsSearch";

type RowsLinkProps = { rows: string; children: ReactNode; label?: string; isInText?: boolean };

/** Opens the rows behind a figure; underlined within text, so that colour is not the only sign. */
export function RowsLink({ rows, children, label, isInText = false }: RowsLinkProps) {
  const { what, search } = rowsPage(rows);
  return (
    <TextLink
      inherit
      underline={isInText ? "always" : "hover"}
      to="/costs/$what"
      params={{ what }}
      search={search}
      {...(label ? { "aria-label": label } : {})}
    >
      {children}
    </TextLink>
  );
}

type Props = { label: string; value: ReactNode; hint?: ReactNode; rows?: string };

/** A figure with its meaning and a link to the rows behind it. */
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
