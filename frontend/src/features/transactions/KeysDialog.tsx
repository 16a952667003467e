import { Kbd, Modal, Table } from "@mantine/core";

const KEYS: [keys: string[], does: string][] = [
  [["/"], "Search"],
  [["↑", "↓"], "Go to the row above or below"],
  [["Page up", "Page down"], "Go a screen up or down"],
  [["Home", "End"], "Go to the first or last loaded row"],
  [["Enter"], "Open the row"],
  [["Space"], "Select the row"],
  [["Shift", "Space"], "Select all rows from the last selected one"],
  [["C"], "Edit the category"],
  [["M"], "Edit the merchant"],
  [["Ctrl", "Z"], "Undo the last edit"],
  [["Esc"], "Close the row, or end the edit"],
  [["?"], "Show these keys"],
];

/** The keys of the transactions page. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keys" closeButtonProps={{ "aria-label": "Close" }}>
      <Table aria-label="Keys" withRowBorders={false}>
        <Table.Tbody>
          {KEYS.map(([keys, does]) => (
            <Table.Tr key={does}>
              <Table.Td>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
