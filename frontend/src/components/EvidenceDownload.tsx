import { Anchor, Button, Code, Group, List, Popover, Text } from "@mantine/core";
import { IconFileZip } from "@tabler/icons-react";

/** Downloads an ended import's evidence pack and explains its contents and how to check it. */
export function EvidenceDownload({ jobId }: { jobId: string }) {
  return (
    <Group gap="xs">
      <Button
        component="a"
        href={`/api/truelayer/import/${jobId}/evidence`}
        download={`bankimport-evidence-${jobId}.zip`}
        size="compact-sm"
        variant="default"
        leftSection={<IconFileZip size={14} aria-hidden />}
        aria-label={`Evidence pack of import ${jobId}`}
      >
        Evidence pack
      </Button>
      <Popover width={340} withArrow shadow="md" withinPortal>
        <Popover.Target>
          <Anchor
            component="button"
            type="button"
            size="sm"
            aria-label={`What is in it? The evidence pack of import ${jobId}`}
          >
            What is in it?
          </Anchor>
        </Popover.Target>
        <Popover.Dropdown>
          <Text size="sm">One zip file that proves import {jobId} on its own, without this installation:</Text>
          <List size="sm" my="xs">
            <List.Item>the plan and every requested window</List.Item>
            <List.Item>the request, correlation ids and SHA-256 of every answer, never its body</List.Item>
            <List.Item>the rows as stored, and the changes to earlier ones</List.Item>
            <List.Item>the proof of each day, and every call to the bank</List.Item>
          </List>
          <Text size="sm">Anyone can check it offline with</Text>
          <Code block>bankimport verify bankimport-evidence-{jobId}.zip</Code>
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}
