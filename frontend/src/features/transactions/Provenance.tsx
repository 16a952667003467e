import { ph, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Code, CopyButton, Group, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import type { components } from "../../api/schema.gen";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";
import { FieldRow } from "./FieldRow";

type Source = components["schemas"]["ProvenanceRead"];

/** Where a row came from: job, attempt, request, answer and its place in it. */
export function Provenance({ source }: { source: Source }) {
  return (
    <Stack gap={4}>
      <Table withRowBorders={false} verticalSpacing={3} layout="fixed" aria-label={t`Where it came from`}>
        <Table.Tbody>
          <FieldRow name={t`Imported by`}>
            <JobLink id={source.import_job_id} />
          </FieldRow>
          {source.answer_job_id !== source.import_job_id && (
            <FieldRow name={t`Values from`}>
              <JobLink id={source.answer_job_id} />
            </FieldRow>
          )}
          <FieldRow name={t`Attempt`}>
            <Trans>
              {ph({ attempt: source.attempt })}, by worker <Code>{ph({ worker: source.worker })}</Code>
            </Trans>
          </FieldRow>
          {source.window && (
            <FieldRow name={t`Requested days`}>
              <Trans>
                {ph({ from: formatDay(source.window.from) })} to {ph({ to: formatDay(source.window.to) })}
              </Trans>
            </FieldRow>
          )}
          <FieldRow name={t`Request`}>
            <Code style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>{source.request}</Code>
          </FieldRow>
          <FieldRow name={t`Answered`}>
            <When at={source.received_at} />
          </FieldRow>
          <FieldRow name={t`Correlation id`}>
            {source.correlation_id ? (
              <Copyable text={source.correlation_id} what={t`the correlation id`} />
            ) : (
              t`none given`
            )}
          </FieldRow>
          <FieldRow name={t`Our call id`}>
            <Copyable text={source.client_correlation_id} what={t`our call id`} />
          </FieldRow>
          <FieldRow name={t`Answer's SHA-256`}>
            <Copyable text={source.sha256} what={t`the hash`} />
          </FieldRow>
          <FieldRow name={t`Position`}>
            <Trans>
              row {source.position + 1}, of {ph({ sizeBytes: formatCount(source.size_bytes) })} bytes
            </Trans>
          </FieldRow>
        </Table.Tbody>
      </Table>
      <Group>
        <Badge variant="light" color={source.is_body_kept ? "green" : "gray"} style={{ textTransform: "none" }}>
          {source.is_body_kept ? t`answer stored: the row can be verified` : t`only the answer's hash is stored`}
        </Badge>
      </Group>
    </Stack>
  );
}

function JobLink({ id }: { id: string }) {
  return (
    <TextLink to="/imports/$jobId" params={{ jobId: id }} size="sm">
      <Trans>import {id}</Trans>
    </TextLink>
  );
}

function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <UnstyledButton onClick={copy} aria-label={t`Copy ${what}: ${text}`} title={t`Copy`}>
          <Code style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>{text}</Code>
          {copied && (
            <Text span size="xs" c="dimmed" role="status">
              {" "}
              <Trans>copied</Trans>
            </Text>
          )}
        </UnstyledButton>
      )}
    </CopyButton>
  );
}
