import { Link } from "@tanstack/react-router";
import classes from "./EnrichmentNav.module.css";

const PAGES = [
  { to: "/enrichment", label: "Jobs" },
  { to: "/enrichment/doubts", label: "Doubts" },
  { to: "/enrichment/rules", label: "Rules" },
  { to: "/enrichment/categories", label: "Categories" },
  { to: "/enrichment/names", label: "Names" },
] as const;

/** Navigation between the enrichment pages. */
export function EnrichmentNav() {
  return (
    <nav className={classes.nav} aria-label="Enrichment">
      {PAGES.map((page) => (
        <Link
          key={page.to}
          to={page.to}
          className={classes.link ?? ""}
          activeOptions={{ exact: page.to === "/enrichment" }}
        >
          {page.label}
        </Link>
      ))}
    </nav>
  );
}
