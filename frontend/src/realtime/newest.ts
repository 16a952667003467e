/** The newer of two states of one job: a slow response may arrive after newer events. */
export function newest<Job extends { last_event_id: number }>(known: Job | undefined, fresh: Job): Job {
  return known !== undefined && known.last_event_id > fresh.last_event_id ? known : fresh;
}
