import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
        aria-label={t`Evidence pack of import ${jobId}`}
      >
        <Trans>Evidence pack</Trans>
      </Button>
      <Popover width={340} withArrow shadow="md" withinPortal>
        <Popover.Target>
          <Anchor
            component="button"
            type="button"
            size="sm"
            aria-label={t`What is in it? The evidence pack of import ${jobId}`}
          >
            <Trans>What is in it?</Trans>
          </Anchor>
        </Popover.Target>
        <Popover.Dropdown>
          <Text size="sm">
            <Trans>One zip file that proves import {jobId} on its own, without this installation:</Trans>
          </Text>
          <List size="sm" my="xs">
            <List.Item>
              <Trans>the plan and every requested window</Trans>
            </List.Item>
            <List.Item>
              <Trans>the request, correlation ids and SHA-256 of every answer, never its body</Trans>
            </List.Item>
            <List.Item>
              <Trans>the rows as stored, and the changes to earlier ones</Trans>
            </List.Item>
            <List.Item>
              <Trans>the proof of each day, and every call to the bank</Trans>
            </List.Item>
          </List>
          <Text size="sm">
            <Trans>Anyone can check it offline with</Trans>
          </Text>
          <Code block>bankimport verify bankimport-evidence-{jobId}.zip</Code>
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}
