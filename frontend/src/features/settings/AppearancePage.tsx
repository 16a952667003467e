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

const SCHEMES: { value: MantineColorScheme; label: string }[] = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "As the system" },
];

/** Colours, and the time zone that times are shown in; this browser remembers both. */
export function AppearancePage() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const zone = useTimeZone();
  const own = deviceZone();
  return (
    <>
      <PageHeader title="Appearance">This browser remembers these choices.</PageHeader>
      <Card component="section" aria-label="Appearance">
        <Stack>
          <div>
            <Text size="sm" fw={500} id="colours" mb={4}>
              Colours
            </Text>
            <SegmentedControl
              aria-labelledby="colours"
              data={SCHEMES}
              value={colorScheme}
              onChange={(scheme) => setColorScheme(scheme)}
            />
          </div>
          <Select
            label="Time zone"
            description="Times are shown in this zone. Days of transactions are the bank's own and never change."
            data={[{ value: "", label: `As this device (${own})` }, ...Intl.supportedValuesOf("timeZone")]}
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
