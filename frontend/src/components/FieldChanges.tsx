import { t } from "@lingui/core/macro";
import { Text } from "@mantine/core";

type Props = {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  /** The name of a field; null hides it. */
  nameOf: (field: string) => string | null;
  textOf: (value: unknown) => string;
};

/** The fields that differ between two versions; the old value is struck out and announced as old by screen readers. */
export function FieldChanges({ before, after, nameOf, textOf }: Props) {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const shown = fields.flatMap((field) => {
    const name = nameOf(field);
    return name === null ? [] : [{ field, name }];
  });
  if (shown.length === 0) return null;
  return (
    <ul style={{ margin: 0, paddingInlineStart: "1.1rem" }}>
      {shown.map(({ field, name }) => (
        <Text key={field} component="li" size="sm" style={{ overflowWrap: "anywhere" }}>
          {name}:{" "}
          <del aria-label={t`was ${textOf(before[field])}`} style={{ opacity: 0.75 }}>
            {textOf(before[field])}
          </del>{" "}
          → <ins style={{ textDecoration: "none", fontWeight: 600 }}>{textOf(after[field])}</ins>
        </Text>
      ))}
    </ul>
  );
}
