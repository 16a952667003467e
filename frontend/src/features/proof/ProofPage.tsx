import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Paper, Stack } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useLayoutEffect, useRef } from "react";
import { overviewQueries } from "../../api/overview";
import { proofQueries } from "../../api/proof";
import { useAccounts } from "../../api/useAccounts";
import { EmptyState } from "../../components/EmptyState";
import { LoadingState } from "../../components/LoadingState";
import { PageHeader } from "../../components/PageHeader";
import { QueryState } from "../../components/QueryState";
import { AccountProof } from "./AccountProof";
import type { Choice } from "./choice";
import { EvidenceList } from "./EvidenceList";
import { Legend } from "./Legend";
import { ProofSummary } from "./ProofSummary";

type Props = { choice: Choice; onChoose: (choice: Choice) => void };

/** Every account: its stored days, their proof, and what is missing and why. */
export function ProofPage({ choice, onChoose }: Props) {
  const listed = useAccounts();
  const latest = useRef(onChoose);
  useLayoutEffect(() => {
    latest.current = onChoose;
  });
  // Always the same function, so that a click redraws only the accounts whose choice changes.
  const choose = useCallback((chosen: Choice) => latest.current(chosen), []);
  const { proofs, isPending } = useQueries({
    queries: listed.accounts.map((account) => proofQueries.strip(account.account_id)),
    combine: (results) => ({
      proofs: results.flatMap((result) => (result.data ? [result.data] : [])),
      isPending: results.some((result) => result.isPending),
    }),
  });
  const hasBroken = (useQuery(overviewQueries.counts()).data?.broken_accounts ?? 0) > 0;
  // Broken accounts come first, so the order is known once all of them are.
  const isUnordered = isPending && hasBroken;
  const broken = new Set(proofs.filter((proof) => proof.days.broken > 0).map((proof) => proof.account_id));
  const accounts = isPending
    ? listed.accounts
    : listed.accounts.toSorted(
        (one, other) => Number(broken.has(other.account_id)) - Number(broken.has(one.account_id)),
      );
  return (
    <>
      <PageHeader title={t`Coverage and proof`}>
        <Trans>
          Which days are stored, and whether balances prove that they are complete. Rows are never invented to make sums
          match.
        </Trans>
      </PageHeader>
      <Stack>
        {accounts.length > 0 && <ProofSummary accounts={accounts} proofs={proofs} hasBroken={hasBroken} />}
        <Paper withBorder p="sm">
          <Legend />
        </Paper>
        {(accounts.length === 0 || listed.error) && <QueryState query={listed} what={t`accounts`} />}
        {listed.data?.length === 0 && (
          <EmptyState
            title={t`No accounts yet`}
            action={
              <Button component={Link} to="/connections">
                <Trans>Connect a bank</Trans>
              </Button>
            }
          >
            <Trans>Once you import an account, the proof of each day appears here.</Trans>
          </EmptyState>
        )}
        {isUnordered ? (
          <LoadingState what={t`the proof of each account`} />
        ) : (
          accounts.map((account) => (
            <AccountProof
              key={account.account_id}
              accountId={account.account_id}
              name={account.display_name}
              bank={account.bank}
              known={account.coverage.strip}
              isOpen={choice.account === account.account_id}
              month={choice.account === account.account_id ? choice.month : undefined}
              day={choice.account === account.account_id ? choice.day : undefined}
              onChoose={choose}
            />
          ))
        )}
        {accounts.length > 0 && !isUnordered && <EvidenceList />}
      </Stack>
    </>
  );
}
