import { plural, t } from "@lingui/core/macro";
import { Badge, Tooltip } from "@mantine/core";
import { IconCalendarDue, IconCalendarOff, IconCalendarQuestion } from "@tabler/icons-react";
import { formatInstantFully } from "../lib/dates";

type Props = {
  state: "fine" | "ending" | "ended" | "unknown";
  endsAt: string | null;
  daysLeft: number | null;
  isAssumed?: boolean;
};

const LOOKS = {
  fine: { colour: "green", icon: IconCalendarDue },
  ending: { colour: "orange", icon: IconCalendarDue },
  ended: { colour: "red", icon: IconCalendarOff },
  unknown: { colour: "gray", icon: IconCalendarQuestion },
};

/** How long a consent lasts, as a countdown in whole days; the exact end on hover. */
export function ConsentClock({ state, endsAt, daysLeft, isAssumed = false }: Props) {
  const { colour, icon: Sign } = LOOKS[state];
  const silent = t`The bank did not say when it ends`;
  const exact =
    endsAt === null
      ? silent
      : isAssumed
        ? t`${silent}; 90 days are assumed`
        : t`Ends ${{ endsAt: formatInstantFully(endsAt) }}`;
  return (
    <Tooltip label={exact}>
      <Badge
        miw="max-content"
        color={colour}
        variant="light"
        leftSection={<Sign size={12} stroke={2.5} aria-hidden />}
        tabIndex={0}
      >
        {inWords(state, daysLeft)}
      </Badge>
    </Tooltip>
  );
}

function inWords(state: Props["state"], daysLeft: number | null): string {
  if (state === "ended") return t`consent has ended`;
  if (daysLeft === null) return t`consent end unknown`;
  return daysLeft === 0
    ? t`consent ends within a day`
    : t`consent for ${plural(daysLeft, { one: "# day", other: "# days" })}`;
}
