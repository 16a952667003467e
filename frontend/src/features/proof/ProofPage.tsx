import { Button, Paper, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useAccounts } from "../../api/useAccounts";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { AccountProof } from "./AccountProof";
import type { Choice } from "./choice";
import { EvidenceList } from "./EvidenceList";
import { Legend } from "./Legend";

type Props = { choice: Choice; onChoose: (choice: Choice) => void };

/** Every account: its stored days, their proof, and what is missing and why. */
export function ProofPage({ choice, onChoose }: Props) {
  const found = useAccounts();
  const { accounts } = found;
  return (
    <>
      <PageHeader title="Coverage and proof">
        Which days are stored, and whether balances prove that they are complete. Rows are never invented to make sums
        match.
      </PageHeader>
      <Stack>
        <Paper withBorder p="sm">
          <Legend />
        </Paper>
        {(accounts.length === 0 || found.error) && <QueryState query={found} what="accounts" />}
        {found.data?.length === 0 && (
          <EmptyState
            title="No accounts yet"
            action={
              <Button component={Link} to="/connections">
                Connect a bank
              </Button>
            }
          >
            Once you import an account, the proof of each day appears here.
          </EmptyState>
        )}
        {accounts.map((account) => (
          <AccountProof
            key={account.account_id}
            accountId={account.account_id}
            name={account.display_name}
            bank={account.bank}
            choice={
              choice.account === account.account_id ? { month: choice.month ?? null, day: choice.day ?? null } : null
            }
            onChoose={onChoose}
          />
        ))}
        {accounts.length > 0 && <EvidenceList />}
      </Stack>
    </>
  );
}
