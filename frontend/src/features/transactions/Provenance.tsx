import { Badge, Code, CopyButton, Group, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { components } from "../../api/schema.gen";
import { TextLink } from "../../components/TextLink";
import { When } from "../../components/When";
import { formatDay } from "../../lib/dates";
import { formatCount } from "../../lib/formatCount";

type Source = components["schemas"]["ProvenanceRead"];

/** Where a row came from: job, attempt, request, answer and its place in it. */
export function Provenance({ source }: { source: Source }) {
  return (
    <Stack gap={4}>
      <Table withRowBorders={false} verticalSpacing={3} layout="fixed" aria-label="Where it came from">
        <Table.Tbody>
          <Line name="Imported by">
            <JobLink id={source.import_job_id} />
          </Line>
          {source.answer_job_id !== source.import_job_id && (
            <Line name="Values from">
              <JobLink id={source.answer_job_id} />
            </Line>
          )}
          <Line name="Attempt">
            {source.attempt}, by worker <Code>{source.worker}</Code>
          </Line>
          {source.window && (
            <Line name="Requested days">
              {formatDay(source.window.from)} to {formatDay(source.window.to)}
            </Line>
          )}
          <Line name="Request">
            <Code style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>{source.request}</Code>
          </Line>
          <Line name="Answered">
            <When at={source.received_at} />
          </Line>
          <Line name="Correlation id">
            {source.correlation_id ? <Copyable text={source.correlation_id} what="the correlation id" /> : "none given"}
          </Line>
          <Line name="Our call id">
            <Copyable text={source.client_correlation_id} what="our call id" />
          </Line>
          <Line name="Answer's SHA-256">
            <Copyable text={source.sha256} what="the hash" />
          </Line>
          <Line name="Position">
            row {source.position + 1}, of {formatCount(source.size_bytes)} bytes
          </Line>
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

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={140} style={{ verticalAlign: "top" }}>
        <Text size="sm" c="dimmed">
          {name}
        </Text>
      </Table.Th>
      <Table.Td style={{ fontSize: "var(--mantine-font-size-sm)" }}>{children}</Table.Td>
    </Table.Tr>
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
