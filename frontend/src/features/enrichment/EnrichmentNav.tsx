import { SubNav } from "../../components/SubNav";

const PAGES = [
  { to: "/enrichment", label: "Jobs" },
  { to: "/enrichment/doubts", label: "Doubts" },
  { to: "/enrichment/rules", label: "Rules" },
  { to: "/enrichment/categories", label: "Categories" },
] as const;

/** The way between the pages of enrichment. */
export function EnrichmentNav() {
  return <SubNav label="Enrichment" pages={PAGES} />;
}
