import type { MessageDescriptor } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import classes from "./SubNav.module.css";

type Props = { label: string; pages: readonly { to: string; label: MessageDescriptor }[] };

/** The way between the pages of one area; the area's own address is active only at itself. */
export function SubNav({ label, pages }: Props) {
  return (
    <nav className={classes.nav} aria-label={label}>
      {pages.map((page, index) => (
        <Link key={page.to} to={page.to} className={classes.link ?? ""} activeOptions={{ exact: index === 0 }}>
          {t(page.label)}
        </Link>
      ))}
    </nav>
  );
}
