import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Text, Timeline } from "@mantine/core";
import type { components } from "../../api/schema.gen";
import { FieldChanges } from "../../components/FieldChanges";
import { When } from "../../components/When";
import { fieldWords, valueWords } from "../../lib/rowWords";
import { changeWords } from "./words";

type Change = components["schemas"]["ChangeRead"];

/** Everything that was changed of a row, newest first, with both sides and whose doing it was. */
export function ChangeHistory({ changes }: { changes: Change[] }) {
  if (changes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        <Trans>No changes since the import.</Trans>
      </Text>
    );
  }
  return (
    <Timeline bulletSize={14} lineWidth={2} active={-1}>
      {[...changes].reverse().map((change, index) => (
        <Timeline.Item key={index} title={changeWords(change.kind)}>
          <Text size="xs" c="dimmed">
            {change.by_user
              ? t`by you`
              : change.job_id !== null
                ? t`by import ${{ jobId: change.job_id }}`
                : t`by bankimport`}
            , <When at={change.at} />
          </Text>
          <FieldChanges before={change.before} after={change.after} nameOf={fieldWords} textOf={valueWords} />
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
