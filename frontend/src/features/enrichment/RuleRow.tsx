import { ph, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { ActionIcon, Badge, Button, Card, Group, Switch, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { ColourDot } from "../../components/ColourDot";
import { Problem } from "../../components/Problem";
import { TextLink } from "../../components/TextLink";
import type { Category } from "../../lib/categoryTree";
import { listed } from "../../lib/listed";
import { conditionWords } from "../../lib/ruleWords";
import { useRemoveWithUndo } from "./useRemoveWithUndo";
import { type Rule, useSwitchRule } from "./useRules";

type Props = {
  rule: Rule;
  category: Category | undefined;
  /** Its position among the user's own rules; learned rules have none. */
  place?: { number: number; of: number; onMove: (by: 1 | -1) => void };
};

/** One rule: what it matches, what it sets, how many rows have it, and its actions. */
export function RuleRow({ rule, category, place }: Props) {
  const change = useSwitchRule();
  const remove = useRemoveWithUndo();
  const words = conditionWords(rule);
  return (
    <Card component="li" padding="sm" aria-label={words}>
      <Group justify="flex-end" align="flex-start" gap="sm">
        {place && (
          <Group gap={2} wrap="nowrap">
            <Mover place={place} by={-1} what={words} ruleId={rule.id} />
            <Mover place={place} by={1} what={words} ruleId={rule.id} />
          </Group>
        )}
        <div style={{ flex: "1 1 200px", minWidth: 0 }}>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {listed([words, rule.direction !== null && (rule.direction === "in" ? t`money in` : t`money out`)])}
          </Text>
          <Group gap={6} mt={2}>
            <Gives rule={rule} category={category} />
          </Group>
          <Text size="xs" c="dimmed" mt={2}>
            {rule.rows ? (
              <Trans>
                <TextLink inherit underline="always" to="/transactions" search={{ rule: rule.id }}>
                  <Plural value={{ rows: rule.rows }} one="# row" other="# rows" />
                </TextLink>{" "}
                from this rule
              </Trans>
            ) : (
              t`0 rows from this rule`
            )}
          </Text>
        </div>
        <Group gap="xs" justify="flex-end">
          <Switch
            aria-label={t`Use the rule: ${words}`}
            checked={rule.is_enabled}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ id: rule.id, isEnabled: event.currentTarget.checked })}
          />
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t`Change the rule: ${words}`}
            renderRoot={(props) => <Link {...props} to="/enrichment/rules/$ruleId" params={{ ruleId: rule.id }} />}
          >
            <Trans>Change</Trans>
          </Button>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t`Remove the rule: ${words}`}
            onClick={() => remove(rule)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      {change.error && <Problem error={change.error} />}
    </Card>
  );
}

function Gives({ rule, category }: { rule: Rule; category: Category | undefined }) {
  return (
    <>
      {rule.category !== null && (
        <Group gap={6} wrap="nowrap">
          {category && <ColourDot colour={category.colour} />}
          <Text size="sm" fw={600}>
            {rule.category}
          </Text>
        </Group>
      )}
      {rule.merchant !== null && (
        <Text size="sm">
          <Trans>
            merchant <strong>{ph({ merchant: rule.merchant })}</strong>
          </Trans>
        </Text>
      )}
      {!rule.is_enabled && (
        <Badge color="gray" variant="light">
          <Trans>off</Trans>
        </Badge>
      )}
      {category?.is_archived && (
        <Badge color="yellow" variant="light">
          <Trans>archived, not assigned</Trans>
        </Badge>
      )}
    </>
  );
}

type MoverProps = { place: NonNullable<Props["place"]>; by: 1 | -1; what: string; ruleId: string };

/** Moves a rule by one position and keeps the focus, so that it can be pressed again. */
function Mover({ place, by, what, ruleId }: MoverProps) {
  const isAtEnd = by === -1 ? place.number === 1 : place.number === place.of;
  const id = `${by === -1 ? "up" : "down"}-${ruleId}`;
  return (
    <ActionIcon
      id={id}
      variant="default"
      size="sm"
      aria-disabled={isAtEnd}
      {...(isAtEnd ? { "data-disabled": true } : {})}
      aria-label={by === -1 ? t`Move up: ${what}` : t`Move down: ${what}`}
      onClick={() => {
        if (isAtEnd) return;
        place.onMove(by);
        requestAnimationFrame(() => document.getElementById(id)?.focus());
      }}
    >
      {by === -1 ? <IconArrowUp size={14} aria-hidden /> : <IconArrowDown size={14} aria-hidden />}
    </ActionIcon>
  );
}
