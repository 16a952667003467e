import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Group, Stack, Switch, Text, Title } from "@mantine/core";
import { IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { enrichmentQueries } from "../../api/enrichment";
import { transactionQueries } from "../../api/transactions";
import { EmptyState } from "../../components/EmptyState";
import { PageHeader } from "../../components/PageHeader";
import { Problem } from "../../components/Problem";
import { QueryState } from "../../components/QueryState";
import { TextLink } from "../../components/TextLink";
import { type Category, inTreeOrder } from "../../lib/categoryTree";
import { CategoryDialog } from "./CategoryDialog";
import { CategoryRow } from "./CategoryRow";
import { EnrichmentNav } from "./EnrichmentNav";
import { MergeDialog } from "./MergeDialog";
import { useAddCategory } from "./useCategories";
import { useUndoMerge } from "./useUndoMerge";

/** The open dialog: a category to edit, or a new one under another. */
type Open = { category: Category | null; parentId: string | null };

/** The tree of categories with row counts, and labels on rows that are not categories. */
export function CategoriesPage() {
  const tree = useQuery(enrichmentQueries.categories());
  const words = useQuery(transactionQueries.categories());
  const [open, setOpen] = useState<Open | null>(null);
  const undoMerge = useUndoMerge();
  const [merged, setMerged] = useState<Category | null>(null);
  const [showsArchived, showArchived] = useState(false);
  const all = tree.data ?? [];
  const rowsOf = new Map(words.data?.categories.map((item) => [item.name, item.rows]));
  const archived = all.filter((item) => item.is_archived).length;
  const shown = inTreeOrder(showsArchived ? all : all.filter((item) => !item.is_archived));
  const foreign = words.data?.categories.filter((item) => !all.some((known) => known.name === item.name)) ?? [];
  return (
    <>
      <PageHeader
        title={t`Categories`}
        actions={
          <Button onClick={() => setOpen({ category: null, parentId: null })}>
            <Trans>New category</Trans>
          </Button>
        }
      >
        <Trans>
          The categories for your rows. Renaming one updates every row, rule and cached answer. An archived category
          stays on its rows but is not assigned again.
        </Trans>
      </PageHeader>
      <EnrichmentNav />
      <QueryState query={tree} what={t`categories`} />
      {tree.data && (
        <Stack gap="md">
          {archived > 0 && (
            <Switch
              label={t`Show archived (${archived})`}
              checked={showsArchived}
              onChange={(event) => showArchived(event.currentTarget.checked)}
            />
          )}
          {shown.length === 0 ? (
            <EmptyState title={t`No active categories`} icon={IconTags}>
              <Trans>Add one or restore an archived one.</Trans>
            </EmptyState>
          ) : (
            <ul aria-label={t`Categories`} style={{ listStyle: "none", margin: 0, padding: 0 }}>
              {shown.map((item) => (
                <CategoryRow
                  key={item.id}
                  category={item}
                  rows={words.data ? (rowsOf.get(item.name) ?? 0) : undefined}
                  onChange={() => setOpen({ category: item, parentId: item.parent_id })}
                  onAddUnder={() => setOpen({ category: null, parentId: item.id })}
                  mergedInto={all.find((other) => other.id === item.merged_into_id)?.name}
                />
              ))}
            </ul>
          )}
          {words.error && <Problem error={words.error} title={t`Row counts failed to load`} />}
          {foreign.length > 0 && <ForeignWords words={foreign} />}
        </Stack>
      )}
      {merged !== null && (
        <MergeDialog category={merged} categories={all} onUndo={undoMerge} onClose={() => setMerged(null)} />
      )}
      {open !== null && (
        <CategoryDialog
          key={open.category?.id ?? `new ${open.parentId ?? ""}`}
          category={open.category}
          parentId={open.parentId}
          categories={all}
          rows={open.category ? (rowsOf.get(open.category.name) ?? 0) : 0}
          onMerge={() => {
            setMerged(open.category);
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

/** Labels that a user typed on rows and that no source of enrichment would set. */
function ForeignWords({ words }: { words: { name: string; rows: number }[] }) {
  const add = useAddCategory();
  return (
    <section aria-labelledby="words">
      <Title order={2} size="h4" id="words">
        <Trans>Row labels that are not categories</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        <Trans>
          You typed these on rows. As categories they get a colour and a place in the tree, and rules can assign them.
        </Trans>
      </Text>
      {add.error && <Problem error={add.error} title={t`Adding failed`} />}
      <Stack gap={4}>
        {words.map((word) => (
          <Group key={word.name} gap="sm">
            <TextLink
              underline="always"
              to="/transactions"
              search={{ category: word.name }}
              style={{ overflowWrap: "anywhere" }}
            >
              {word.name}
            </TextLink>
            <Text size="sm" c="dimmed">
              {plural({ rows: word.rows }, { one: "# row", other: "# rows" })}
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t`Add ${{ word: word.name }} as a category`}
              loading={add.isPending && add.variables.name === word.name}
              onClick={() => add.mutate({ name: word.name, parent_id: null })}
            >
              <Trans>Add as a category</Trans>
            </Button>
          </Group>
        ))}
      </Stack>
    </section>
  );
}
