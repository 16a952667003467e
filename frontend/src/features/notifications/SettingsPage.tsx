import { Stack } from "@mantine/core";
import { PageHeader } from "../../components/PageHeader";
import { ChannelSection } from "./ChannelSection";
import { QuietHoursSection } from "./QuietHoursSection";
import { WebhookSection } from "./WebhookSection";

/** Where notifications are sent, and the quiet hours. */
export function SettingsPage() {
  return (
    <>
      <PageHeader title="Notification settings">Where notifications are sent, and when they are held back.</PageHeader>
      <Stack gap="xl">
        <QuietHoursSection />
        <ChannelSection />
        <WebhookSection />
      </Stack>
    </>
  );
}
