/** Charts whose library is loaded when a page draws the first one, since it is as large as everything else of a page. */
import type { BarChartProps, LineChartProps } from "@mantine/charts";
import { Box } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";

const Bars = lazy(async () => ({ default: (await import("./chartLibrary")).BarChart }));
const Lines = lazy(async () => ({ default: (await import("./chartLibrary")).LineChart }));

export function BarChart(props: BarChartProps) {
  return (
    <Loaded height={props.h}>
      <Bars {...props} barChartProps={{ accessibilityLayer: false, ...props.barChartProps }} />
    </Loaded>
  );
}

export function LineChart(props: LineChartProps) {
  return (
    <Loaded height={props.h}>
      <Lines {...props} lineChartProps={{ accessibilityLayer: false, ...props.lineChartProps }} />
    </Loaded>
  );
}

/** Keeps the chart's place free until it is there, and Tab out of it: a chart is an image that its page describes. */
function Loaded({ height, children }: { height: BarChartProps["h"]; children: ReactNode }) {
  return (
    <Box ref={skipLayers}>
      <Suspense fallback={<Box h={height} aria-busy />}>{children}</Suspense>
    </Box>
  );
}

/**
 * Takes the layers that Recharts draws in out of the order of Tab. Chromium lets Tab stop at each element of an SVG with
 * a listener for focus, and React listens at each portal.
 */
function skipLayers(chart: HTMLElement | null) {
  if (chart === null) return;
  const observer = new MutationObserver(() => {
    for (const layer of chart.querySelectorAll("g[class^=recharts-zIndex-layer]:not([tabindex])")) {
      layer.setAttribute("tabindex", "-1");
    }
  });
  observer.observe(chart, { childList: true, subtree: true });
  return () => observer.disconnect();
}
