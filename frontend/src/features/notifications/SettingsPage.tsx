import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Stack } from "@mantine/core";
import { PageHeader } from "../../components/PageHeader";
import { ChannelSection } from "./ChannelSection";
import { QuietHoursSection } from "./QuietHoursSection";
import { WebhookSection } from "./WebhookSection";

/** Where notifications are sent, and the quiet hours. */
export function SettingsPage() {
  return (
    <>
      <PageHeader title={t`Notification settings`}>
        <Trans>Where notifications are sent, and when they are held back.</Trans>
      </PageHeader>
      <Stack gap="xl">
        <QuietHoursSection />
        <ChannelSection />
        <WebhookSection />
      </Stack>
    </>
  );
}
