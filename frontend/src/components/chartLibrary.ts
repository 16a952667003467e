/** The chart library and its styles; `Chart.tsx` loads it. */
import "@mantine/charts/styles.css";
export { BarChart, LineChart } from "@mantine/charts";
