import { t } from "@lingui/core/macro";
import { Group, Text } from "@mantine/core";
import { clsx } from "clsx";
import { type DayState, STAND_MEANINGS, STAND_NAMES } from "../../lib/proofWords";
import classes from "./proof.module.css";
import { SIGNS } from "./stateSigns";

const ORDER: DayState[] = [
  "proven",
  "balanced",
  "unprovable",
  "broken",
  "rejected_rows",
  "asked",
  "refused",
  "failed",
  "never_asked",
  "before_history",
];

/** What the signs and colours mean. */
export function Legend() {
  return (
    <Group component="dl" gap="md" my={0} aria-label={t`What the signs mean`}>
      {ORDER.map((stand) => (
        <Group key={stand} gap={6} wrap="nowrap" title={t(STAND_MEANINGS[stand])}>
          <dt className={clsx(classes.swatch, classes[stand])} aria-hidden>
            {SIGNS[stand]}
          </dt>
          <Text component="dd" m={0} size="sm">
            {t(STAND_NAMES[stand])}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
