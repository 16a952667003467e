import { createRootRoute } from "@tanstack/react-router";
import { Layout } from "../Layout";

/** The parent of every route. */
export const root = createRootRoute({ component: Layout });
