import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { CategorySelect } from "../../components/CategorySelect";
import { Problem } from "../../components/Problem";
import { capitalised } from "../../lib/capitalised";
import type { PlacedCategory } from "../../lib/categoryTree";
import { MATCH_WORDS } from "../../lib/ruleWords";
import type { RuleValues } from "./ruleValues";
import { useAddCategory } from "./useCategories";

type Props = {
  values: RuleValues;
  /** A learned correction applies to its merchant; only its values can change. */
  isLearned: boolean;
  categories: PlacedCategory[];
  onChange: (some: Partial<RuleValues>) => void;
};

/** What a rule matches, and what it sets. */
export function RuleFields({ values, isLearned, categories, onChange }: Props) {
  const add = useAddCategory();
  const isForeign = values.category !== null && !categories.some((item) => item.name === values.category);
  return (
    <Stack>
      <Group grow align="flex-start" preventGrowOverflow={false} wrap="wrap">
        <Select
          label={t`Match rows whose`}
          data={Object.entries(MATCH_WORDS).map(([value, label]) => ({ value, label: capitalised(t(label)) }))}
          allowDeselect={false}
          disabled={isLearned}
          value={values.match}
          onChange={(match) => match && onChange({ match: match as RuleValues["match"] })}
          style={{ flex: "1 1 200px" }}
        />
        <TextInput
          label={t`Text`}
          description={
            values.match === "key"
              ? t`Lower case, as bankimport extracts it from descriptions`
              : t`Upper and lower case are treated the same`
          }
          inputWrapperOrder={["label", "input", "description", "error"]}
          maxLength={200}
          disabled={isLearned}
          value={values.pattern}
          onChange={(event) => onChange({ pattern: event.currentTarget.value })}
          style={{ flex: "2 1 220px" }}
        />
      </Group>
      <div>
        <Text size="sm" fw={500} id="rule-direction" mb={4}>
          <Trans>Money</Trans>
        </Text>
        <SegmentedControl
          aria-labelledby="rule-direction"
          disabled={isLearned}
          data={[
            { value: "any", label: t`In and out` },
            { value: "out", label: t`Out` },
            { value: "in", label: t`In` },
          ]}
          value={values.direction}
          onChange={(direction) => onChange({ direction })}
        />
      </div>
      <CategorySelect
        label={t`Set category`}
        categories={categories}
        value={isForeign ? null : values.category}
        onChange={(category) => onChange({ category })}
      />
      {isForeign && (
        <Group gap="xs" role="status">
          <Text size="sm">
            <Trans>“{values.category}” is not one of your active categories.</Trans>
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            loading={add.isPending}
            onClick={() => values.category && add.mutate({ name: values.category, parent_id: null })}
          >
            <Trans>Add it</Trans>
          </Button>
          {add.error && <Problem error={add.error} />}
        </Group>
      )}
      <TextInput
        label={t`Set merchant`}
        description={t`Leave empty to keep the merchant`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        maxLength={80}
        value={values.merchant}
        onChange={(event) => onChange({ merchant: event.currentTarget.value })}
      />
    </Stack>
  );
}
