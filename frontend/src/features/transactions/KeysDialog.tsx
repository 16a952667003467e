import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Kbd, Table } from "@mantine/core";
import { OpenDialog } from "../../components/OpenDialog";

const KEYS: [keys: (string | MessageDescriptor)[], does: MessageDescriptor][] = [
  [["/"], msg`Search`],
  [["↑", "↓"], msg`Go to the row above or below`],
  [[msg`Page up`, msg`Page down`], msg`Go a screen up or down`],
  [[msg`Home`, msg`End`], msg`Go to the first or last loaded row`],
  [[msg`Enter`], msg`Open the row`],
  [[msg`Space`], msg`Select the row`],
  [[msg`Shift`, msg`Space`], msg`Select all rows from the last selected one`],
  [["C"], msg`Edit the category`],
  [["M"], msg`Edit the merchant`],
  [[msg`Ctrl`, "Z"], msg`Undo the last edit`],
  [[msg`Esc`], msg`Close the row, or end the edit`],
  [["?"], msg`Show these keys`],
];

/** The keys of the transactions page. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <OpenDialog onClose={onClose} title={t`Keys`}>
      <Table aria-label={t`Keys`} withRowBorders={false}>
        <Table.Tbody>
          {KEYS.map(([keys, does]) => (
            <Table.Tr key={t(does)}>
              <Table.Td>
                {keys
                  .map((key) => (typeof key === "string" ? key : t(key)))
                  .map((key) => (
                    <Kbd key={key} mr={4}>
                      {key}
                    </Kbd>
                  ))}
              </Table.Td>
              <Table.Td>{t(does)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </OpenDialog>
  );
}
