import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A row of a table of names and values. */
export function FieldRow({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={140} style={{ verticalAlign: "top" }}>
        <Text size="sm" c="dimmed">
          {name}
        </Text>
      </Table.Th>
      <Table.Td style={{ fontSize: "var(--mantine-font-size-sm)", overflowWrap: "anywhere" }}>{children}</Table.Td>
    </Table.Tr>
  );
}
