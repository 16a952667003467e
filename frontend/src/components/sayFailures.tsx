import { ph } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { formatCount } from "../lib/formatCount";

const MOST_LINES = 5;

/** A toast that lists what could not be done, one line each, and stays until it is closed. */
export function sayFailures(title: string, lines: string[]) {
  const more = lines.length - MOST_LINES;
  notifications.show({
    autoClose: false,
    color: "red",
    title,
    message: (
      <>
        {lines.slice(0, MOST_LINES).map((line, index) => (
          <Text key={index} size="sm">
            {line}
          </Text>
        ))}
        {more > 0 && (
          <Text size="sm">
            <Trans>and {ph({ more: formatCount(more) })} more</Trans>
          </Text>
        )}
      </>
    ),
  });
}
