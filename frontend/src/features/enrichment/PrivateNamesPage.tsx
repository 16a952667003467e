import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { enrichmentQueries } from "../../api/enrichment";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { labelled, listed } from "../../lib/listed";
import { type PrivateNames, useSetPrivateNames } from "./useSetPrivateNames";

/** The names that are removed from everything sent to a model: those from the user's data, and the user's own. */
export function PrivateNamesPage() {
  const names = useQuery(enrichmentQueries.privateNames());
  return (
    <>
      <PageHeader title={t`Private names`}>
        <Trans>
          These names are removed from descriptions before anything is sent to a model: the whole name and each part of
          three letters or more, with and without accents.
        </Trans>
      </PageHeader>
      <QueryState query={names} what={t`names`} />
      {names.data && (
        <Stack>
          <OwnNames key={names.data.names.join("\n")} known={names.data} />
          <Card component="section" aria-label={t`Known from your data`}>
            <Title order={2} size="h5" mb="xs">
              <Trans>Known from your data</Trans>
            </Title>
            <Stack gap={4}>
              <NamesLine label={t`From your banks`} names={names.data.from_banks} none={t`none yet`} />
              <NamesLine label={t`On your cards`} names={names.data.from_cards} none={t`none`} />
              <NamesLine label={t`In your e-mail address`} names={[names.data.email]} none="" />
            </Stack>
          </Card>
          <Text size="sm">
            <Trans>
              <TextLink underline="always" to="/enrichment/new">
                See the exact text
              </TextLink>{" "}
              that would be sent without these names.
            </Trans>
          </Text>
        </Stack>
      )}
    </>
  );
}

function NamesLine({ label, names, none }: { label: string; names: string[]; none: string }) {
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      {labelled(label, listed(names) || none)}
    </Text>
  );
}

function OwnNames({ known }: { known: PrivateNames }) {
  const form = useForm({ initialValues: { name: "" } });
  const set = useSetPrivateNames();
  const text = form.values.name.trim().replace(/\s+/g, " ");
  return (
    <Card component="section" aria-label={t`Your own`}>
      <Title order={2} size="h5" mb="xs">
        <Trans>Your own</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        <Trans>For example a maiden name, a nickname, or the name of someone you live with.</Trans>
      </Text>
      {known.names.length === 0 && (
        <Text size="sm">
          <Trans>None yet.</Trans>
        </Text>
      )}
      <ul aria-label={t`Your own names`} style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {known.names.map((item) => (
          <Group component="li" key={item} justify="space-between" wrap="nowrap" py={4}>
            <Text style={{ overflowWrap: "anywhere" }}>{item}</Text>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t`Remove ${item}`}
              loading={set.isPending}
              onClick={() => set.mutate(known.names.filter((other) => other !== item))}
            >
              <Trans>Remove</Trans>
            </Button>
          </Group>
        ))}
      </ul>
      <form
        onSubmit={form.onSubmit(() => {
          if (text) set.mutate([...known.names, text]);
        })}
      >
        <Group align="flex-end" mt="sm">
          <TextInput label={t`Another name`} maxLength={100} {...form.getInputProps("name")} />
          <Button type="submit" disabled={!text} loading={set.isPending}>
            <Trans>Add</Trans>
          </Button>
        </Group>
      </form>
      {set.error && <Problem error={set.error} title={t`Saving the names failed`} />}
    </Card>
  );
}
