import { Stack } from "@mantine/core";
import { PageHeader } from "../../components/PageHeader";
import { ChannelSection } from "./ChannelSection";
import { QuietHoursSection } from "./QuietHoursSection";
import { WebhookSection } from "./WebhookSection";

/** Where else the user is told what happens, and when not. */
export function SettingsPage() {
  return (
    <>
      <PageHeader title="Notification settings">Where else you are told what happens, and when you are not.</PageHeader>
      <Stack gap="xl">
        <QuietHoursSection />
        <ChannelSection />
        <WebhookSection />
      </Stack>
    </>
  );
}
