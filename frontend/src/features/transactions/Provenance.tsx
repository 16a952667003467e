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
      <Table withRowBorders={false} verticalSpacing={3} layout="fixed" aria-label="Where it came from">
        <Table.Tbody>
          <FieldRow name="Imported by">
            <JobLink id={source.import_job_id} />
          </FieldRow>
          {source.answer_job_id !== source.import_job_id && (
            <FieldRow name="Values from">
              <JobLink id={source.answer_job_id} />
            </FieldRow>
          )}
          <FieldRow name="Attempt">
            {source.attempt}, by worker <Code>{source.worker}</Code>
          </FieldRow>
          {source.window && (
            <FieldRow name="Requested days">
              {formatDay(source.window.from)} to {formatDay(source.window.to)}
            </FieldRow>
          )}
          <FieldRow name="Request">
            <Code style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>{source.request}</Code>
          </FieldRow>
          <FieldRow name="Answered">
            <When at={source.received_at} />
          </FieldRow>
          <FieldRow name="Correlation id">
            {source.correlation_id ? <Copyable text={source.correlation_id} what="the correlation id" /> : "none given"}
          </FieldRow>
          <FieldRow name="Our call id">
            <Copyable text={source.client_correlation_id} what="our call id" />
          </FieldRow>
          <FieldRow name="Answer's SHA-256">
            <Copyable text={source.sha256} what="the hash" />
          </FieldRow>
          <FieldRow name="Position">
            row {source.position + 1}, of {formatCount(source.size_bytes)} bytes
          </FieldRow>
        </Table.Tbody>
      </Table>
      <Group>
        <Badge variant="light" color={source.is_body_kept ? "green" : "gray"} style={{ textTransform: "none" }}>
          {source.is_body_kept ? "answer stored: the row can be verified" : "only the answer's hash is stored"}
        </Badge>
      </Group>
    </Stack>
  );
}

function JobLink({ id }: { id: string }) {
  return (
    <TextLink to="/imports/$jobId" params={{ jobId: id }} size="sm">
      import {id}
    </TextLink>
  );
}

function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <UnstyledButton onClick={copy} aria-label={`Copy ${what}: ${text}`} title="Copy">
          <Code style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>{text}</Code>
          {copied && (
            <Text span size="xs" c="dimmed" role="status">
              {" "}
              copied
            </Text>
          )}
        </UnstyledButton>
      )}
    </CopyButton>
  );
}
