/** Replaces the API; a test sets answers by `server.use(answer("get", path, body))`. */
import { delay, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";

export const server = setupServer();

type Method = "get" | "post" | "put" | "patch" | "delete";

/** Answers a request with a body; the path may hold `:name` parts. */
export function answer(method: Method, path: string, body: object, status = 200) {
  return http[method](`*${path}`, () => HttpResponse.json(body, { status }));
}

/** Answers a request with an error in the API's form. */
export function refuse(method: Method, path: string, status: number, code: string, message: string) {
  return answer(method, path, { code, message }, status);
}

/** Never answers a request. */
export function hang(method: Method, path: string) {
  return http[method](`*${path}`, async () => {
    await delay("infinite");
  });
}
