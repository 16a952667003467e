/** The sign and height of each state, so that colour is not the only difference. */
import type { DayState } from "../../lib/proofWords";

export const SIGNS: Record<DayState, string> = {
  proven: "✓",
  balanced: "=",
  unprovable: "?",
  broken: "!",
  rejected_rows: "≠",
  asked: "…",
  refused: "⊘",
  failed: "×",
  never_asked: "·",
  before_history: "‹",
};

/** Height of a day's bar, as a share of the strip's. */
export const HEIGHTS: Record<DayState, number> = {
  proven: 1,
  balanced: 0.8,
  unprovable: 0.55,
  broken: 1,
  rejected_rows: 0.7,
  asked: 0.4,
  refused: 0.3,
  failed: 0.3,
  never_asked: 0.1,
  before_history: 0.2,
};
