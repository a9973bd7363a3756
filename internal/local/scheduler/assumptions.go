package scheduler

// What the documentation of EventBridge Scheduler leaves open, and what is
// assumed here:
//
//   - A one-time schedule for a moment that has passed is accepted and invokes
//     its target at once. Do not count on it: set it for the future.
//   - A one-time schedule with ActionAfterCompletion DELETE is there until its
//     target has been invoked or given up. Until then its name is taken.
//   - A client token is remembered for five minutes, whatever has become of the
//     schedule: whoever creates a schedule again with the same token is told
//     that it is there, and it is not. AWS does not say for how long.
//   - Invocations come exactly at their moments, without the up to 60 seconds
//     of delay, and at the beginning of a flexible time window.
//   - When the clock is stepped, a recurring schedule may owe hundreds of
//     invocations. Only the latest of those that are not under way is made.
//   - Repetitions come after 1 s, 2 s, 4 s … up to 15 min. A function that does
//     not exist is not tried again.
//   - Neither roles nor the number of schedules is checked.
//   - A moment that daylight saving skips is moved by what it skips when it is
//     a one-time schedule's; a cron expression's is left out. Of a moment that
//     comes twice, which of the two is meant depends on the time zone; it is
//     never both.
