import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { id, searchOf } from "../../lib/search";
import { Numbered } from "../Numbered";
import { root } from "./root";

const SchedulePage = lazyRouteComponent(() => import("../../features/schedules/SchedulePage"), "SchedulePage");
const NewSchedulePage = lazyRouteComponent(
  () => import("../../features/schedules/ScheduleFormPage"),
  "NewSchedulePage",
);
const EditSchedulePage = lazyRouteComponent(
  () => import("../../features/schedules/ScheduleFormPage"),
  "EditSchedulePage",
);

const schedules = createRoute({
  getParentRoute: () => root,
  path: "/schedules",
  component: lazyRouteComponent(() => import("../../features/schedules/SchedulesPage"), "SchedulesPage"),
});

const newSchedule = createRoute({
  getParentRoute: () => root,
  path: "/schedules/new",
  validateSearch: searchOf({ connection: id }),
  component: function NewSchedule() {
    return <NewSchedulePage connectionId={newSchedule.useSearch().connection} />;
  },
});

const schedule = createRoute({
  getParentRoute: () => root,
  path: "/schedules/$scheduleId",
  component: function Schedule() {
    return (
      <Numbered text={schedule.useParams().scheduleId}>
        {(scheduleId) => <SchedulePage scheduleId={scheduleId} />}
      </Numbered>
    );
  },
});

const editSchedule = createRoute({
  getParentRoute: () => root,
  path: "/schedules/$scheduleId/edit",
  component: function EditSchedule() {
    return (
      <Numbered text={editSchedule.useParams().scheduleId}>
        {(scheduleId) => <EditSchedulePage scheduleId={scheduleId} />}
      </Numbered>
    );
  },
});

export const scheduleRoutes = [schedules, newSchedule, schedule, editSchedule] as const;
