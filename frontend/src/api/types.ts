/** Short names for the shapes of the API. */
import type { components } from "./schema.gen";

type Schemas = components["schemas"];
export type Account = Schemas["AccountWithCoverage"];
export type Connection = Schemas["ConnectionRead"];
export type Continuation = Schemas["ContinuationRead"];
export type HistoryEntry = Schemas["HistoryEntry"];
export type ImportStatus = Schemas["StatusRead"];
export type AccountProgress = Schemas["AccountProgress"];
export type Transaction = Schemas["TransactionRead"];
export type Schedule = Schemas["ScheduleRead"];
export type ScheduleRequest = Schemas["ScheduleRequest"];
export type SchedulePreview = Schemas["PreviewRead"];
export type ScheduleRun = Schemas["RunRead"];
export type Costs = Schemas["CostsRead"];
export type Estimate = Schemas["ImportEstimateRead"];
export type ImportEvent = Schemas["EventRead"];
export type ImportPlanRequest = Schemas["PlanRequest"];
export type QueueEntry = Schemas["QueueEntry"];
export type Cost = Schemas["CostRead"];
export type UndoPlan = Schemas["UndoRead"];
export type Overview = Schemas["OverviewRead"];
export type OverviewCounts = Schemas["OverviewCounts"];
export type TrueLayerSetup = Schemas["TrueLayerSetup"];
export type TrueLayerSetupRequest = Schemas["TrueLayerSetupRequest"];
export type SetupChecks = Schemas["SetupChecks"];
