import { t } from "@lingui/core/macro";
import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { notificationQueries } from "../../api/notifications";
import type { components } from "../../api/schema.gen";
import { QueryState } from "../../components/QueryState";

export type Kind = components["schemas"]["Kind"];

type Props = { label: string; value: Kind[]; onChange: (kinds: Kind[]) => void };

/** The kinds of events that a channel sends; none selected means all of them. */
export function KindsSelect({ label, value, onChange }: Props) {
  const kinds = useQuery(notificationQueries.kinds());
  if (kinds.isError) return <QueryState query={kinds} what={t`the kinds of events`} lines={1} />;
  return (
    <MultiSelect
      label={label}
      placeholder={value.length === 0 ? t`Everything` : undefined}
      data={(kinds.data ?? []).map(({ kind, meaning }) => ({ value: kind, label: meaning }))}
      value={value}
      onChange={onChange}
      clearable
      w={320}
      maw="100%"
    />
  );
}
