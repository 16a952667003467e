import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Group, Paper, Stack, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { Figures } from "../../components/Figures";
import { OpenDialog } from "../../components/OpenDialog";
import { Problem } from "../../components/Problem";
import { formatCount } from "../../lib/formatCount";
import { lengthOf } from "./days";
import { HealProgress } from "./HealProgress";

type Proof = components["schemas"]["ProofRead"];
type Props = {
  accounts: { account_id: string; display_name: string }[];
  proofs: Proof[];
  /** Whether there are broken days, as known before the proofs are: the button has its place from the start. */
  hasBroken: boolean;
};

/** The proof of all accounts in figures, and one button that fetches the broken days of all of them again. */
export function ProofSummary({ accounts, proofs, hasBroken }: Props) {
  const [isAsking, setAsking] = useState(false);
  const [jobIds, setJobIds] = useState<string[]>([]);
  const sum = (of: keyof Proof["days"]) => proofs.reduce((total, proof) => total + proof.days[of], 0);
  const brokenAccounts = proofs.filter((proof) => proof.days.broken > 0).length;
  const healable = proofs.filter((proof) => proof.refetch.length > 0);
  const isWhole = proofs.length === accounts.length;
  const figures: [name: string, days: string][] = [
    [t`Days proven`, formatCount(sum("proven"))],
    [t`Days balanced`, formatCount(sum("balanced"))],
    [t`Days broken`, formatCount(sum("broken"))],
    [t`Days not provable`, formatCount(sum("unprovable") - sum("before_history"))],
    [t`Days before the bank's history`, formatCount(sum("before_history"))],
  ];
  return (
    <Paper withBorder p="md" component="section" aria-label={t`Summary`}>
      <Stack gap="sm">
        <Group justify="space-between" mih={36}>
          <Text fw={600} role="status">
            {!isWhole
              ? t`${{ proofs: formatCount(proofs.length) }} of ${plural({ accounts: accounts.length }, { one: "# account", other: "# accounts" })} checked…`
              : brokenAccounts === 0
                ? t`No broken day in ${plural({ accounts: accounts.length }, { one: "# account", other: "# accounts" })}.`
                : t`${plural({ count: sum("broken") }, { one: "# broken day", other: "# broken days" })} in ${plural(brokenAccounts, { one: "# account", other: "# accounts" })} of ${{ accounts: formatCount(accounts.length) }}.`}
          </Text>
          {(healable.length > 0 || (hasBroken && !isWhole)) && (
            <Button size="sm" disabled={healable.length === 0} onClick={() => setAsking(true)}>
              <Trans>Fetch all broken days again…</Trans>
            </Button>
          )}
        </Group>
        <Figures figures={figures} />
        <HealProgress jobIds={jobIds} />
      </Stack>
      {isAsking && (
        <HealAllDialog
          proofs={healable}
          names={new Map(accounts.map((account) => [account.account_id, account.display_name]))}
          onClose={() => setAsking(false)}
          onStarted={setJobIds}
        />
      )}
    </Paper>
  );
}

type DialogProps = {
  proofs: Proof[];
  names: ReadonlyMap<string, string>;
  onClose: () => void;
  onStarted: (jobIds: string[]) => void;
};

/** Shows which accounts are fetched again before it happens; one refusal does not stop the others. */
function HealAllDialog({ proofs, names, onClose, onStarted }: DialogProps) {
  const heal = useMutation({
    mutationFn: async () => {
      const started: string[] = [];
      const refused: { name: string; error: Error }[] = [];
      for (const { account_id } of proofs) {
        try {
          const params = { path: { account_id } };
          started.push(...(await answered(api.POST("/api/truelayer/accounts/{account_id}/heal", { params }))).job_ids);
        } catch (error) {
          refused.push({ name: names.get(account_id) ?? account_id, error: error as Error });
        }
      }
      return { started, refused };
    },
    onSuccess: ({ started, refused }) => {
      onStarted(started);
      if (refused.length === 0) onClose();
    },
  });
  return (
    <OpenDialog onClose={onClose} title={t`Fetch all broken days again?`}>
      <Stack>
        <Table aria-label={t`Days to fetch again`}>
          <Table.Tbody>
            {proofs.map((proof) => (
              <Table.Tr key={proof.account_id}>
                <Table.Td>{names.get(proof.account_id) ?? proof.display_name}</Table.Td>
                <Table.Td ta="right">
                  {plural(
                    { refetch: proof.refetch.reduce((days, item) => days + lengthOf(item), 0) },
                    { one: "# day", other: "# days" },
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Text size="sm" c="dimmed">
          <Trans>
            Imports are started for the fewest days that may contain the missing rows. Stored rows stay, and you can
            undo each import.
          </Trans>
        </Text>
        {heal.error && <Problem error={heal.error} />}
        {heal.data?.refused.map(({ name, error }) => (
          <Alert key={name} color="yellow" title={name}>
            {error.message}
          </Alert>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {heal.data ? t`Close` : t`Not now`}
          </Button>
          {!heal.data && (
            <Button loading={heal.isPending} onClick={() => heal.mutate()}>
              <Trans>Fetch again</Trans>
            </Button>
          )}
        </Group>
      </Stack>
    </OpenDialog>
  );
}
