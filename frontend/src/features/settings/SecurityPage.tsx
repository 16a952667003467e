import { Stack } from "@mantine/core";
import { PageHeader } from "../../components/PageHeader";
import { PasswordCard } from "./PasswordCard";
import { SecondFactorCard } from "./SecondFactorCard";
import { SessionsCard } from "./SessionsCard";

/** How the user signs in. */
export function SecurityPage() {
  return (
    <>
      <PageHeader title="Security">How you sign in, and where you are signed in.</PageHeader>
      <Stack>
        <PasswordCard />
        <SecondFactorCard />
        <SessionsCard />
      </Stack>
    </>
  );
}
