import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Stack } from "@mantine/core";
import { PageHeader } from "../../components/PageHeader";
import { DataCard } from "./DataCard";
import { IdentitiesCard } from "./IdentitiesCard";
import { PasskeysCard } from "./PasskeysCard";
import { PasswordCard } from "./PasswordCard";
import { SecondFactorCard } from "./SecondFactorCard";
import { SessionsCard } from "./SessionsCard";

/** How the user signs in. */
export function SecurityPage() {
  return (
    <>
      <PageHeader title={t`Security`}>
        <Trans>How you sign in, where you are signed in, and what is stored about you.</Trans>
      </PageHeader>
      <Stack>
        <PasswordCard />
        <PasskeysCard />
        <SecondFactorCard />
        <IdentitiesCard />
        <SessionsCard />
        <DataCard />
      </Stack>
    </>
  );
}
