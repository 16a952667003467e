import { Alert, Anchor, Button, CopyButton, Group, Modal, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { transactionQueries } from "../../api/transactions";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { formatCount } from "../../lib/formatCount";
import { type Filters, isFiltered, toQuery } from "./filters";
import { type ExportFormat, useExport } from "./useExport";

const FORMATS: { value: ExportFormat; label: string; about: string }[] = [
  { value: "csv", label: "CSV", about: "for spreadsheets; cells that look like formulas are escaped" },
  { value: "ndjson", label: "NDJSON", about: "one JSON object per line, for programs" },
  { value: "ofx", label: "OFX", about: "for accounting and finance programs, with stable ids" },
  { value: "beancount", label: "beancount", about: "for plain-text accounting" },
];

type Choices = { format: ExportFormat; status: "booked" | "pending" | "all"; bookmark: string };
type Props = { filters: Filters; onClose: () => void };

/** Chooses the format and rows of an export, and shows the bookmark to continue from. */
export function ExportDialog({ filters, onClose }: Props) {
  const form = useForm<Choices>({
    initialValues: { format: "csv", status: filters.status ?? "booked", bookmark: "" },
    transformValues: (values) => ({ ...values, bookmark: values.bookmark.trim() }),
  });
  const { status } = form.values;
  const file = useExport();
  const { status: _, ...rest } = filters;
  const totals = useQuery(transactionQueries.totals(toQuery(status === "all" ? rest : { ...rest, status })));
  const rows = totals.data?.rows;
  return (
    <Modal opened onClose={onClose} title="Export transactions" size="lg">
      <form onSubmit={form.onSubmit((choices) => file.mutate({ filters, ...choices }))}>
        <Stack>
          <Text size="sm">
            {isFiltered(rest) ? "Filtered rows" : "All rows"}
            {rows !== undefined && `: ${formatCount(rows)}`}, oldest first.
          </Text>
          {totals.error && <QueryState query={totals} what="the number of rows" lines={1} />}
          <Radio.Group label="Format" {...form.getInputProps("format")}>
            <Stack gap={6} mt={6}>
              {FORMATS.map((item) => (
                <Radio key={item.value} value={item.value} label={item.label} description={item.about} />
              ))}
            </Stack>
          </Radio.Group>
          <Select
            label="Which rows"
            description="Pending rows are not final: the bank may still change or remove them."
            allowDeselect={false}
            data={[
              { value: "booked", label: "Booked" },
              { value: "all", label: "Booked and pending" },
              { value: "pending", label: "Pending" },
            ]}
            {...form.getInputProps("status")}
          />
          <TextInput
            label="Continue from a bookmark"
            description="Exports only rows added since the export with this bookmark. Leave empty for all rows."
            maxLength={200}
            {...form.getInputProps("bookmark")}
          />
          {file.error && <Problem error={file.error} />}
          {file.data && (
            <Alert
              color="green"
              title={`${formatCount(file.data.rows)} rows exported to ${file.data.name}`}
              role="status"
            >
              {file.data.leftOut > 0 && (
                <Text size="sm" fw={600}>
                  Left out: {formatCount(file.data.leftOut)} in {file.data.leftOutCurrencies}, which this format does
                  not support. CSV, NDJSON and beancount include them.
                </Text>
              )}
              <Text size="sm">Keep this bookmark to continue from here in the next export, with the same filters.</Text>
              <Group gap="xs" mt="xs">
                <code style={{ overflowWrap: "anywhere" }}>{file.data.bookmark}</code>
                <CopyButton value={file.data.bookmark}>
                  {({ copied, copy }) => (
                    <Button size="compact-xs" variant="default" onClick={copy}>
                      {copied ? "Copied" : "Copy"}
                    </Button>
                  )}
                </CopyButton>
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  onClick={() => form.setFieldValue("bookmark", file.data.bookmark)}
                >
                  Use it now
                </Anchor>
              </Group>
            </Alert>
          )}
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={file.isPending}>
              Export
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
