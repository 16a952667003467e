/** Charts whose library is loaded when a page draws the first one, since it is as large as everything else of a page. */
import type { BarChartProps, LineChartProps } from "@mantine/charts";
import { Box } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";

const Bars = lazy(async () => ({ default: (await import("./chartLibrary")).BarChart }));
const Lines = lazy(async () => ({ default: (await import("./chartLibrary")).LineChart }));

export function BarChart(props: BarChartProps) {
  return (
    <Loaded height={props.h}>
      <Bars {...props} />
    </Loaded>
  );
}

export function LineChart(props: LineChartProps) {
  return (
    <Loaded height={props.h}>
      <Lines {...props} />
    </Loaded>
  );
}

/** Keeps the chart's place free until it is there. */
function Loaded({ height, children }: { height: BarChartProps["h"]; children: ReactNode }) {
  return <Suspense fallback={<Box h={height} aria-busy />}>{children}</Suspense>;
}
