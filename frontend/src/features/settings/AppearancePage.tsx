import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import {
  Card,
  type MantineColorScheme,
  SegmentedControl,
  Select,
  Stack,
  Text,
  useMantineColorScheme,
} from "@mantine/core";
import { PageHeader } from "../../components/PageHeader";
import { deviceZone, setTimeZone, useTimeZone } from "../../lib/timeZone";

const SCHEMES: { value: MantineColorScheme; label: MessageDescriptor }[] = [
  { value: "light", label: msg`Light` },
  { value: "dark", label: msg`Dark` },
  { value: "auto", label: msg`As the system` },
];

/** Colours, and the time zone that times are shown in; this browser remembers both. */
export function AppearancePage() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const zone = useTimeZone();
  const own = deviceZone();
  return (
    <>
      <PageHeader title={t`Appearance`}>
        <Trans>This browser remembers these choices.</Trans>
      </PageHeader>
      <Card component="section" aria-label={t`Appearance`}>
        <Stack>
          <div>
            <Text size="sm" fw={500} id="colours" mb={4}>
              <Trans>Colours</Trans>
            </Text>
            <SegmentedControl
              aria-labelledby="colours"
              data={SCHEMES.map(({ value, label }) => ({ value, label: t(label) }))}
              value={colorScheme}
              onChange={(scheme) => setColorScheme(scheme)}
            />
          </div>
          <Select
            label={t`Time zone`}
            description={t`Times are shown in this zone. Days of transactions are the bank's own and never change.`}
            data={[{ value: "", label: t`As this device (${own})` }, ...Intl.supportedValuesOf("timeZone")]}
            value={zone ?? ""}
            onChange={(chosen) => setTimeZone(chosen === "" ? null : chosen)}
            allowDeselect={false}
            searchable
            limit={100}
            maw={360}
          />
        </Stack>
      </Card>
    </>
  );
}
