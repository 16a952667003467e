import { msg, t } from "@lingui/core/macro";
import { SubNav } from "../../components/SubNav";

const PAGES = [
  { to: "/enrichment", label: msg`Jobs` },
  { to: "/enrichment/doubts", label: msg`Doubts` },
  { to: "/enrichment/rules", label: msg`Rules` },
  { to: "/enrichment/categories", label: msg`Categories` },
] as const;

/** The way between the pages of enrichment. */
export function EnrichmentNav() {
  return <SubNav label={t`Enrichment`} pages={PAGES} />;
}
