import { ph, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Checkbox, Stack, Table, Text, TextInput } from "@mantine/core";
import { Fragment, useState } from "react";
import type { Account } from "../../../api/types";
import { Money } from "../../../components/Money";
import { TextLink } from "../../../components/TextLink";
import { When } from "../../../components/When";
import { formatCount } from "../../../lib/formatCount";
import { type Change, type Choice, chosenOf, type Source, usableOf, usualOf } from "./choice";
import { DaysBar } from "./DaysBar";
import { lengthOf, type Span, within } from "./daySpans";
import classes from "./wizard.module.css";

type Props = { choice: Choice; sources: Source[]; whole: Span; onChange: (change: Change) => void };

const MANY = 8;

/** Chooses accounts and cards of every bank; many can be filtered, and those shown be chosen together. */
export function AccountsStep({ choice, sources, whole, onChange }: Props) {
  const chosen = new Set(chosenOf(choice, sources).map((row) => row.account_id));
  const usable = sources.flatMap(usableOf);
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const shown = sources
    .map((source) => ({ source, rows: source.accounts.filter((row) => describes(source, row).includes(wanted)) }))
    .filter(({ source, rows }) => rows.length > 0 || (wanted === "" && source.bank.status !== "active"));
  const choosable = shown.flatMap(({ source, rows }) => usableOf({ ...source, accounts: rows }));

  function choose(rows: Account[], isOn: boolean) {
    const ids = new Set(rows.map((row) => row.account_id));
    const next = usable.map((row) => row.account_id).filter((id) => (ids.has(id) ? isOn : chosen.has(id)));
    const usual = usualOf(choice, sources);
    const isUsual = next.length === usual.length && usual.every((row) => next.includes(row.account_id));
    onChange({ accounts: isUsual ? undefined : next });
  }
  return (
    <Stack>
      {usable.length > MANY && (
        <TextInput
          label={t`Filter`}
          placeholder={t`Bank, name, currency or last digits`}
          maw={320}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      {choosable.length > 0 && (
        <Together
          label={
            wanted === ""
              ? t`All ${{ choosable: choosable.length }} accounts and cards`
              : t`All ${{ choosable: choosable.length }} shown`
          }
          rows={choosable}
          chosen={chosen}
          onChoose={choose}
        />
      )}
      <Text size="sm" c="dimmed" aria-live="polite">
        {shown.length === 0
          ? t`No account fits the filter; ${{ chosen: chosen.size }} of ${{ usable: usable.length }} chosen`
          : t`${{ chosen: chosen.size }} of ${{ usable: usable.length }} chosen`}
      </Text>
      <Table.ScrollContainer minWidth={320}>
        <Table aria-label={t`Accounts and cards`} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Account</Trans>
              </Table.Th>
              <Table.Th w="30%" visibleFrom="sm">
                <Trans>Stored days</Trans>
              </Table.Th>
              <Table.Th ta="right">
                <Trans>Balance</Trans>
              </Table.Th>
              <Table.Th visibleFrom="sm">
                <Trans>Last synced</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ source, rows }) => (
              <Fragment key={source.bank.id}>
                {sources.length > 1 && (
                  <Table.Tr className={classes.bank}>
                    <Table.Td colSpan={4}>
                      <BankRow source={source} rows={rows} chosen={chosen} onChoose={choose} />
                    </Table.Td>
                  </Table.Tr>
                )}
                {rows.map((account) => (
                  <AccountRow
                    key={account.account_id}
                    account={account}
                    whole={whole}
                    isChosen={chosen.has(account.account_id)}
                    isUsable={usable.includes(account)}
                    onChoose={(isOn) => choose([account], isOn)}
                  />
                ))}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {chosen.size === 0 && (
        <Text c="red" role="alert">
          <Trans>Choose at least one account or card.</Trans>
        </Text>
      )}
    </Stack>
  );
}

function describes({ bank }: Source, row: Account): string {
  return `${bank.bank} ${row.display_name} ${row.kind} ${row.currency} ${row.last_digits ?? ""}`.toLowerCase();
}

type TogetherProps = {
  label: string;
  rows: Account[];
  chosen: Set<string>;
  onChoose: (rows: Account[], isOn: boolean) => void;
};

/** One box for several accounts. */
function Together({ label, rows, chosen, onChoose }: TogetherProps) {
  const count = rows.filter((row) => chosen.has(row.account_id)).length;
  const isAll = count === rows.length;
  return (
    <Checkbox
      label={label}
      checked={isAll}
      indeterminate={!isAll && count > 0}
      onChange={() => onChoose(rows, !isAll)}
      classNames={{ label: classes.name }}
    />
  );
}

/** The bank above its accounts; one that cannot be fetched says what to do. */
function BankRow({ source, rows, ...choosing }: { source: Source; rows: Account[] } & Omit<TogetherProps, "label">) {
  const { bank } = source;
  if (bank.status !== "active") {
    return (
      <Text size="sm" className={classes.name}>
        <Trans>
          {ph({ bank: bank.bank })}: its consent has ended. <TextLink to="/connections">Reconnect it</TextLink> to
          import its accounts.
        </Trans>
      </Text>
    );
  }
  return <Together label={bank.bank} rows={usableOf({ ...source, accounts: rows })} {...choosing} />;
}

type RowProps = {
  account: Account;
  whole: Span;
  isChosen: boolean;
  isUsable: boolean;
  onChoose: (isOn: boolean) => void;
};

function AccountRow({ account, whole, isChosen, isUsable, onChoose }: RowProps) {
  const held = within(account.coverage.held, [whole]);
  const coverage = (
    <>
      <DaysBar whole={whole} held={held} />
      <Text size="xs" c="dimmed">
        <Trans>
          {ph({ held: formatCount(lengthOf(held)) })} of{" "}
          <Plural value={{ count: lengthOf([whole]) }} one="# day" other="# days" />
        </Trans>
      </Text>
    </>
  );
  const gone = account.missing_since !== null && t`no longer listed by the bank`;
  const kind = account.last_digits
    ? t`${{ kind: account.kind }} ending in ${{ lastDigits: account.last_digits }}`
    : account.kind;
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          label={account.display_name}
          description={gone || kind}
          checked={isChosen}
          disabled={!isUsable}
          onChange={(event) => onChoose(event.currentTarget.checked)}
          classNames={{ label: classes.name }}
        />
        <div className={classes.narrow}>{coverage}</div>
      </Table.Td>
      <Table.Td visibleFrom="sm">{coverage}</Table.Td>
      <Table.Td ta="right">
        {account.balance ? (
          <Money amount={account.balance.current} currency={account.currency} isBalance />
        ) : (
          <Text size="sm" c="dimmed">
            <Trans>unknown, {ph({ currency: account.currency })}</Trans>
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">{account.last_synced_at ? <When at={account.last_synced_at} /> : t`never`}</Table.Td>
    </Table.Tr>
  );
}
