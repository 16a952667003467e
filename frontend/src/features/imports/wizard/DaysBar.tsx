import { t } from "@lingui/core/macro";
import { Box, Group, Text } from "@mantine/core";
import { placeIn, type Span } from "./daySpans";
import classes from "./wizard.module.css";

type Props = { whole: Span; asked?: Span[]; held: Span[]; beyond?: Span[] };

/** The days of one account as a bar from the first day to the last; words beside it say the same. */
export function DaysBar({ whole, asked = [], held, beyond = [] }: Props) {
  const layers: [string | undefined, Span[]][] = [
    [classes.asked, asked],
    [classes.held, held],
    [classes.beyond, beyond],
  ];
  return (
    <Box className={classes.strip} aria-hidden>
      {layers.flatMap(([kind, spans]) =>
        spans.map((span) => <Box key={`${kind} ${span.from}`} className={kind} style={placeIn(whole, span)} />),
      )}
    </Box>
  );
}

/** What the colours of the bars mean. */
export function DaysLegend({ hasBeyond }: { hasBeyond: boolean }) {
  const signs: [string | undefined, string][] = [
    [classes.asked, t`requested`],
    [classes.held, t`already stored`],
    ...(hasBeyond ? [[classes.beyond, t`perhaps out of the bank's reach`] satisfies [string | undefined, string]] : []),
  ];
  return (
    <Group gap="md">
      {signs.map(([kind, words]) => (
        <Group key={words} gap={6} wrap="nowrap">
          <Box className={classes.sign} aria-hidden>
            <Box className={kind} style={{ left: 0, width: "100%" }} />
          </Box>
          <Text size="sm" c="dimmed">
            {words}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
