import { t } from "@lingui/core/macro";
import { Outlet } from "@tanstack/react-router";
import { SubNav } from "../../components/SubNav";
import { SETTINGS_PAGES } from "./settingsPages";

/** The frame of every page of the settings: the way between them, and the page. */
export function SettingsLayout() {
  return (
    <>
      <SubNav label={t`Settings`} pages={SETTINGS_PAGES} />
      <Outlet />
    </>
  );
}
