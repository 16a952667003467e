import {
  type Icon,
  IconArrowsExchange,
  IconBook2,
  IconBuildingBank,
  IconBuildingStore,
  IconCash,
  IconListCheck,
  IconPencil,
  IconSchool,
  IconSparkles,
} from "@tabler/icons-react";
import { createContext, useContext } from "react";
import { ColourDot } from "../../components/ColourDot";
import { sourceWords } from "../../lib/sourceWords";

const SIGNS: Record<string, Icon> = {
  user: IconPencil,
  rule: IconListCheck,
  correction: IconSchool,
  transfer: IconArrowsExchange,
  known_merchant: IconBook2,
  money_word: IconCash,
  trade_word: IconBuildingStore,
  model: IconSparkles,
  truelayer: IconBuildingBank,
  bank: IconBuildingBank,
};

const Colours = createContext<ReadonlyMap<string, string>>(new Map());

/** The colours of categories, by their name; rows are drawn again only when these change. */
export const CategoryColours = Colours.Provider;

/** A category with its colour, and a small sign of who says it. */
export function CategoryMark({ category, source }: { category: string; source: string | null }) {
  const colour = useContext(Colours).get(category);
  const Sign = source === null ? undefined : SIGNS[source];
  return (
    <span style={{ display: "flex", alignItems: "center", gap: 6, minWidth: 0 }}>
      {colour !== undefined && <ColourDot colour={colour} />}
      <span style={{ overflow: "hidden", textOverflow: "ellipsis" }}>{category}</span>
      {Sign && (
        <span title={sourceWords(source, category)} style={{ display: "inline-flex", flex: "none", opacity: 0.75 }}>
          <Sign size={13} stroke={1.8} aria-hidden />
        </span>
      )}
    </span>
  );
}
