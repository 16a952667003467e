import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "./client";

/** Whether the processes, the database and the broker work, and whether imports happen. */
export const healthQuery = queryOptions({ queryKey: ["health"], queryFn: () => answered(api.GET("/api/health")) });
