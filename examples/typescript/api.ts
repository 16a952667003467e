/**
 * The types of bankimport's API. In your project, generate this file from the running installation instead:
 *
 *     npx openapi-typescript http://127.0.0.1:8000/api/openapi.json -o api.ts
 */
export type * from "../../frontend/src/api/schema.gen";
