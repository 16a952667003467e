import type { MessageDescriptor } from "@lingui/core";
import { msg, ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Anchor, Button, CopyButton, Group, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { transactionQueries } from "../../api/transactions";
import { OpenDialog } from "../../components/OpenDialog";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { formatCount } from "../../lib/formatCount";
import { type Filters, isFiltered, toQuery } from "./filters";
import { type ExportFormat, useExport } from "./useExport";

const FORMATS: { value: ExportFormat; name: string; about: MessageDescriptor }[] = [
  { value: "csv", name: "CSV", about: msg`for spreadsheets; cells that look like formulas are escaped` },
  { value: "ndjson", name: "NDJSON", about: msg`one JSON object per line, for programs` },
  { value: "ofx", name: "OFX", about: msg`for accounting and finance programs, with stable ids` },
  { value: "beancount", name: "beancount", about: msg`for plain-text accounting` },
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
    <OpenDialog onClose={onClose} title={t`Export transactions`} size="lg">
      <form onSubmit={form.onSubmit((choices) => file.mutate({ filters, ...choices }))}>
        <Stack>
          <Text size="sm">{isFiltered(rest) ? filteredWords(rows) : allWords(rows)}</Text>
          {totals.error && <QueryState query={totals} what={t`the number of rows`} lines={1} />}
          <Radio.Group label={t`Format`} {...form.getInputProps("format")}>
            <Stack gap={6} mt={6}>
              {FORMATS.map((item) => (
                <Radio key={item.value} value={item.value} label={item.name} description={t(item.about)} />
              ))}
            </Stack>
          </Radio.Group>
          <Select
            label={t`Which rows`}
            description={t`Pending rows are not final: the bank may still change or remove them.`}
            allowDeselect={false}
            data={[
              { value: "booked", label: t`Booked` },
              { value: "all", label: t`Booked and pending` },
              { value: "pending", label: t`Pending` },
            ]}
            {...form.getInputProps("status")}
          />
          <TextInput
            label={t`Continue from a bookmark`}
            description={t`Exports only rows added since the export with this bookmark. Leave empty for all rows.`}
            maxLength={200}
            {...form.getInputProps("bookmark")}
          />
          {file.error && <Problem error={file.error} />}
          {file.data && (
            <Alert
              color="green"
              title={t`${{ rows: formatCount(file.data.rows) }} rows exported to ${{ file: file.data.name }}`}
              role="status"
            >
              {file.data.leftOut > 0 && (
                <Text size="sm" fw={600}>
                  <Trans>
                    Left out: {ph({ leftOut: formatCount(file.data.leftOut) })} in{" "}
                    {ph({ leftOutCurrencies: file.data.leftOutCurrencies })}, which this format does not support. CSV,
                    NDJSON and beancount include them.
                  </Trans>
                </Text>
              )}
              <Text size="sm">
                <Trans>Keep this bookmark to continue from here in the next export, with the same filters.</Trans>
              </Text>
              <Group gap="xs" mt="xs">
                <code style={{ overflowWrap: "anywhere" }}>{file.data.bookmark}</code>
                <CopyButton value={file.data.bookmark}>
                  {({ copied, copy }) => (
                    <Button size="compact-xs" variant="default" onClick={copy}>
                      {copied ? t`Copied` : t`Copy`}
                    </Button>
                  )}
                </CopyButton>
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  onClick={() => form.setFieldValue("bookmark", file.data.bookmark)}
                >
                  <Trans>Use it now</Trans>
                </Anchor>
              </Group>
            </Alert>
          )}
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              <Trans>Close</Trans>
            </Button>
            <Button type="submit" loading={file.isPending}>
              <Trans>Export</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </OpenDialog>
  );
}

/** What is exported, with the number of rows once it is known. */
function filteredWords(rows: number | undefined): string {
  return rows === undefined
    ? t`Filtered rows, oldest first.`
    : t`Filtered rows: ${{ rows: formatCount(rows) }}, oldest first.`;
}

function allWords(rows: number | undefined): string {
  return rows === undefined ? t`All rows, oldest first.` : t`All rows: ${{ rows: formatCount(rows) }}, oldest first.`;
}
