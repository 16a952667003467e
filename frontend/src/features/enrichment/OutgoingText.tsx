import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { Problem } from "../../components/Problem";
import { TextLink } from "../../components/TextLink";
import { formatCount } from "../../lib/formatCount";
import { type EnrichmentRequest, useOutgoing } from "./useEnrichment";

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Shows, on request, the exact text that would be sent to the model; nothing is sent. */
export function OutgoingText({ enrichment, calls }: { enrichment: EnrichmentRequest; calls: number }) {
  const outgoing = useOutgoing();
  const texts = outgoing.data;
  return (
    <Card component="section" aria-label={t`What would be sent`}>
      <Title order={2} size="h5" mb="xs">
        <Trans>What would be sent</Trans>
      </Title>
      <Text size="sm" mb="sm">
        <Trans>
          Descriptions without account numbers, sort codes, cards, e-mail addresses, long numbers and{" "}
          <TextLink inherit underline="always" to="/settings/names">
            your names
          </TextLink>
          . No amounts, no days, no balances.
        </Trans>
      </Text>
      {outgoing.error && <Problem error={outgoing.error} />}
      <Button
        variant="default"
        size="compact-sm"
        disabled={calls === 0}
        loading={outgoing.isPending}
        onClick={() => outgoing.mutate(enrichment)}
      >
        {texts ? t`Refresh` : t`Show the exact text`}
      </Button>
      {calls === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          <Trans>Nothing would be sent: every merchant has a source.</Trans>
        </Text>
      )}
      {texts && (
        <Stack mt="sm" gap="sm" aria-live="polite">
          <Part
            title={t`Before each, as instructions (${{ instructions: formatCount(bytesOf(texts.instructions)) }} bytes)`}
            text={texts.instructions}
          />
          {texts.prompts.map((prompt, index) => (
            <Part
              key={index}
              title={t`Text ${index + 1} of ${{ calls: formatCount(texts.calls) }} (${{ prompt: formatCount(bytesOf(prompt)) }} bytes)`}
              text={prompt}
            />
          ))}
          {texts.calls > texts.prompts.length && (
            <Group>
              <Text size="sm" c="dimmed">
                <Trans>
                  <Plural value={{ calls: texts.calls - texts.prompts.length }} one="# text" other="# texts" /> more
                  like these; `bankimport enrichment preview --limit 50` prints them.
                </Trans>
              </Text>
            </Group>
          )}
        </Stack>
      )}
    </Card>
  );
}

function Part({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Code
        block
        tabIndex={0}
        role="region"
        aria-label={title}
        style={{ maxHeight: 260, overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
      >
        {text}
      </Code>
    </div>
  );
}
