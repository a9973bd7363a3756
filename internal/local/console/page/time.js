// The time of the pipelines, which may run faster than ours and be ahead of it.

const base = { emulated: Date.now(), real: Date.now(), speed: 1 };

// set takes the answer of GET /local/time.
export function set({ now, speed }) {
  Object.assign(base, { emulated: Date.parse(now), real: Date.now(), speed });
}

export const now = () => base.emulated + (Date.now() - base.real) * base.speed;
export const speed = () => base.speed;

// ahead is how far the pipelines' time is from ours, in minutes.
export const ahead = () => Math.round((now() - Date.now()) / 60_000);

export function ago(when) {
  if (!when) return '';
  const s = Math.max(0, Math.round((now() - new Date(when)) / 1000));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${s % 60}s`;
  if (s < 86_400) return `${Math.floor(s / 3600)}h ${Math.floor((s % 3600) / 60)}m`;
  return `${Math.floor(s / 86_400)}d ${Math.floor((s % 86_400) / 3600)}h`;
}

// tick rewrites every "how long" on the page.
export function tick() {
  document.querySelectorAll('[data-since]').forEach((n) => {
    const text = ago(n.dataset.since);
    if (n.textContent !== text) n.textContent = text;
  });
}

export const today = () => new Date(now()).toLocaleString([], { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
