import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

const SHOWN_MS = 12_000;

export type Step = { label: string; take: () => void };

/** A toast that stays until it is closed, for what cannot be read again elsewhere. */
export function sayUntilClosed(title: string, message: string, isProblem: boolean) {
  notifications.show({ autoClose: false, color: isProblem ? "yellow" : "green", title, message });
}

/** A toast that reports what was done and offers next steps, such as undo; a step closes it. */
export function sayDone(message: string, ...steps: Step[]) {
  const id = notifications.show({
    autoClose: SHOWN_MS,
    color: "green",
    message: (
      <Group justify="space-between" gap="xs">
        <Text size="sm">{message}</Text>
        {steps.map(({ label, take }) => (
          <Button
            key={label}
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              take();
            }}
          >
            {label}
          </Button>
        ))}
      </Group>
    ),
  });
}
