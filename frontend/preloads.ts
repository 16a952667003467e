/** A build step: which scripts and styles each route loads, so that the server can name them in the route's document. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin, Rolldown } from "vite";

const ROUTES = "src/app/routes";
const LAZY = /const (\w+) = lazyRouteComponent\(\s*\(\) => import\("([^"]+)"\)/g;
const ROUTE = /const (\w+) = createRoute\(\{\n([\s\S]*?)\n\}\);/g;

type Route = { name: string; path: string; parent: string; page: string };

/** Writes `preloads.json`: the files of each route beyond those that the document names anyway. */
export function preloads(): Plugin {
  return {
    name: "preloads",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const named = filesOf(bundle, chunkOf(chunks, "index.html"));
      const routes = readdirSync(ROUTES).flatMap(routesIn);
      const files = (route: Route): string[] => {
        const parent = routes.find(({ name }) => name === route.parent);
        const own = filesOf(bundle, chunkOf(chunks, route.page));
        return [...new Set([...(parent ? files(parent) : []), ...own])].filter((file) => !named.includes(file));
      };
      const pathOf = (route: Route): string => {
        const parent = routes.find(({ name }) => name === route.parent);
        return parent && route.path === "/" ? pathOf(parent) : (parent ? pathOf(parent) : "") + route.path;
      };
      // A parent's page at its own address is the child's, which follows it in the file.
      const written = Object.fromEntries(routes.map((route) => [pathOf(route), files(route)]));
      writeFileSync(join(dir, "preloads.json"), JSON.stringify(written));
    },
  };
}

/** The routes of a file in `routes/`: those that draw a page which is loaded when opened. */
function routesIn(file: string): Route[] {
  const text = readFileSync(join(ROUTES, file), "utf8");
  const pages = new Map([...text.matchAll(LAZY)].map(([, name = "", path = ""]) => [name, path]));
  return [...text.matchAll(ROUTE)].flatMap(([, name = "", body = ""]) => {
    const drawn = [...body.matchAll(/<(\w+)|component: (\w+)/g)].map(([, tag, component]) => tag ?? component ?? "");
    const path = /import\("([^"]+)"\)/.exec(body)?.[1] ?? drawn.map((each) => pages.get(each)).find(Boolean);
    if (path === undefined) {
      if (body.includes("redirect(")) return [];
      throw new Error(`${file}: no page is found for the route ${name}`);
    }
    return [
      {
        name,
        path: /path: "([^"]+)"/.exec(body)?.[1] ?? "",
        parent: /getParentRoute: \(\) => (\w+)/.exec(body)?.[1] ?? "",
        page: `${resolve(ROUTES, path)}.tsx`,
      },
    ];
  });
}

function chunkOf(chunks: Rolldown.OutputChunk[], module: string): Rolldown.OutputChunk {
  const id = resolve(module);
  const found =
    chunks.find(({ facadeModuleId }) => facadeModuleId === id) ??
    chunks.find(({ moduleIds }) => moduleIds.includes(id));
  if (found === undefined) throw new Error(`no chunk has ${module}`);
  return found;
}

/** A chunk, what it imports, and their styles. */
function filesOf(bundle: Rolldown.OutputBundle, chunk: Rolldown.OutputChunk, seen = new Set<string>()): string[] {
  if (seen.has(chunk.fileName)) return [];
  seen.add(chunk.fileName);
  const styles = [...(chunk.viteMetadata?.importedCss ?? [])];
  const imported = chunk.imports.flatMap((name) => {
    const next = bundle[name];
    return next?.type === "chunk" ? filesOf(bundle, next, seen) : [];
  });
  return [...new Set([chunk.fileName, ...styles, ...imported])];
}
