import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./errors";
import { meQuery } from "./me";

/** A 401 while signed in may mean that the session has ended: the layout checks and shows the sign-in form. */
function checkSession(error: Error) {
  const wasSignedIn = queryClient.getQueryData(meQuery.queryKey) !== undefined;
  if (error instanceof ApiError && error.status === 401 && wasSignedIn) {
    void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
  }
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.queryKey[0] !== meQuery.queryKey[0]) checkSession(error);
    },
  }),
  mutationCache: new MutationCache({ onError: checkSession }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => !(error instanceof ApiError && error.status >= 400) && failures < 2,
    },
  },
});
