import type { MessageDescriptor } from "@lingui/core";
import { msg, ph, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowMerge } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { continuationQueries } from "../../api/connections";
import type { components } from "../../api/schema.gen";
import type { Account, Continuation } from "../../api/types";
import { ConfirmButton } from "../../components/ConfirmButton";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { When } from "../../components/When";
import { useChooseContinuation, useUndoContinuation } from "./useChooseContinuation";

const WHY: Record<Continuation["evidence"], MessageDescriptor> = {
  number: msg`Both have the same account number.`,
  card_digits: msg`Both cards end in the same digits.`,
  rows: msg`Their rows are the same.`,
};

/** Offers to continue accounts that a bank lists again under a new provider id. */
export function ContinuationOffers() {
  const offers = useQuery(continuationQueries.list());
  const choose = useChooseContinuation();
  return (
    <>
      {offers.error && <QueryState query={offers} what={t`moved accounts`} />}
      {offers.data?.continuations.map((offer) => (
        <Alert
          key={offer.new.account_id}
          color="blue"
          icon={<IconArrowMerge aria-hidden />}
          title={t`Is ${{ new: named(offer.new) }} the account that you know as ${{ old: named(offer.old) }}?`}
        >
          <Stack gap="xs">
            <Text size="sm">
              <Trans>
                {ph({ why: t(WHY[offer.evidence]) })} {ph({ offer: overlapInWords(offer) })} The bank may have moved to
                another provider at TrueLayer. If you continue it, the two become one history with all edits.
              </Trans>
            </Text>
            <Group gap="xs">
              <Button
                size="compact-sm"
                loading={choose.isPending}
                onClick={() => choose.mutate(chosen(offer, "continue"))}
              >
                <Trans>Continue the old account</Trans>
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                disabled={choose.isPending}
                onClick={() => choose.mutate(chosen(offer, "separate"))}
              >
                <Trans>They are two accounts</Trans>
              </Button>
            </Group>
          </Stack>
        </Alert>
      ))}
      {choose.error && <Problem error={choose.error} />}
      {offers.data?.joined.map((join) => (
        <Continued key={join.account_id} join={join} />
      ))}
    </>
  );
}

type Join = components["schemas"]["JoinRead"];

/** An account that was continued, with a button to undo that. */
function Continued({ join }: { join: Join }) {
  const undo = useUndoContinuation();
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        <Trans>
          {ph({ joinedName: join.joined_name })} continues an older account, joined <When at={join.joined_at} />.
        </Trans>
      </Text>
      <ConfirmButton
        label={t`Undo`}
        aria-label={t`Separate ${{ joinedName: join.joined_name }} again`}
        size="compact-xs"
        variant="subtle"
        title={t`Separate ${{ joinedName: join.joined_name }} from the older account?`}
        confirm={t`Separate them`}
        error={undo.error}
        isPending={undo.isPending}
        onConfirm={(close) => undo.mutate(join.account_id, { onSuccess: close })}
      >
        <Text size="sm">
          <Trans>
            Each account gets its own rows back, with your edits. Imports since then have to be undone first.
          </Trans>
        </Text>
      </ConfirmButton>
    </Group>
  );
}

function chosen(offer: Continuation, choice: "continue" | "separate") {
  return { newId: offer.new.account_id, oldId: offer.old.account_id, choice };
}

function named(account: Pick<Account, "display_name" | "last_digits">): string {
  return account.last_digits ? `${account.display_name} (…${account.last_digits})` : account.display_name;
}

function overlapInWords(offer: Continuation): string {
  const differing = offer.rows_only_in_new + offer.rows_only_in_old;
  if (offer.equal_rows === 0 && differing === 0) return t`They have no imported days in common yet.`;
  const equal = t`${plural({ equalRows: offer.equal_rows }, { one: "# row", other: "# rows" })} on the days that both have are equal`;
  return differing === 0 ? `${equal}.` : t`${equal}, ${differing} are not.`;
}
