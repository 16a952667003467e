import { useMutation, useQueryClient } from "@tanstack/react-query";
import { notificationQueries } from "../../api/notifications";
import type { components } from "../../api/schema.gen";

type Schemas = components["schemas"];
export type Notification = Schemas["NotificationRead"];
export type Channel = Schemas["ChannelRead"];
export type Delivery = Schemas["DeliveryRead"];
export type QuietHours = Schemas["QuietHours"];

/** A mutation that refetches everything about notifications. */
export function useChange<Variables, Result>(change: (variables: Variables) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: notificationQueries.all }),
  });
}
