import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Anchor, Collapse, List, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { AccountProgress } from "../../../api/types";
import { Listed } from "../../../components/Listed";
import { When } from "../../../components/When";
import { adviceOf } from "../../../lib/adviceOf";
import { formatDuration } from "../../../lib/formatDuration";
import { asSentence } from "../../../lib/listed";

/** The runs of one account's import, and how each ended. */
export function AttemptList({ attempts }: { attempts: AccountProgress["attempts"] }) {
  const [isOpen, list] = useDisclosure(attempts.some((attempt) => attempt.error !== null));
  if (attempts.length === 0) return null;
  return (
    <div>
      <Anchor component="button" type="button" size="sm" onClick={list.toggle} aria-expanded={isOpen}>
        {plural({ attempts: attempts.length }, { one: "# attempt", other: "# attempts" })}
      </Anchor>
      <Collapse expanded={isOpen}>
        <List type="ordered" size="sm" mt={4}>
          {attempts.map((attempt) => (
            <List.Item key={attempt.number} value={attempt.number}>
              <Listed>
                <Trans>
                  Started <When at={attempt.started_at} />
                </Trans>
                {attempt.ended_at
                  ? t`took ${{ time: formatDuration((Date.parse(attempt.ended_at) - Date.parse(attempt.started_at)) / 1000) }}`
                  : t`in progress`}
              </Listed>
              {attempt.error && (
                <Text size="sm">
                  {asSentence(attempt.error.message ?? attempt.error.code)} {adviceOf(attempt.error.code)}
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      </Collapse>
    </div>
  );
}
