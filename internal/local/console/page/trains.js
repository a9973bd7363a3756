// Executions: as the small plate of a train, and as a list.
import { h, guard } from './dom.js';

export const words = {
  Succeeded: 'done', Failed: 'failed', InProgress: 'running', Stopped: 'stopped', Stopping: 'stopping',
  Abandoned: 'stopped', Superseded: 'superseded', Cancelled: 'cancelled', Skipped: 'skipped',
};

export const short = (id, n = 8) => String(id ?? '').slice(0, n);
export const firstLine = (s) => String(s ?? '').split('\n')[0].slice(0, 90);

const paints = 6;
const painted = new Map();
const seen = new Map();

// paint gives each execution a colour, the same wherever it is shown, and
// different ones to those that follow each other.
export function paint(p) {
  for (const e of [...(p.executions ?? [])].reverse()) {
    if (painted.has(e.id)) continue;
    const n = seen.get(p.name) ?? 0;
    painted.set(e.id, n % paints);
    seen.set(p.name, n + 1);
  }
}

// train is the plate of an execution: the beginning of its id.
export function train(id, { state = '', title = '' } = {}) {
  return h('span', { class: `train hue${painted.get(id) ?? 0} ${state}`, title: `Execution ${id}${title ? `\n${title}` : ''}` }, short(id, 4));
}

// about is what a person recognises an execution by.
export const about = (e) => [firstLine(e?.revision?.summary), e?.revision?.author].filter(Boolean).join(', ');

// where says in words where an execution is.
function where(p, e) {
  if (e.status !== 'InProgress') return e.note || '';
  if (e.approving) return `${e.stage}: waits for a person`;
  return e.waiting ? `waits in front of ${e.stage}` : e.stage;
}

const shown = 6;

// history lists those under way and the latest others.
export function history(p, { stop, retry }) {
  const rows = (p.executions ?? []).slice(0, shown);
  return h('table', { class: 'history' }, h('tbody', {}, rows.map((e) => {
    const stage = e.status === 'Failed' && p.stages.find((s) => s.name === e.stage && (s.execution === e.id || p.mode === 'PARALLEL'));
    return h('tr', { 'data-key': e.id },
      h('td', {}, train(e.id), ' ', h('code', {}, short(e.id))),
      h('td', { class: `state ${e.status}` }, e.type === 'ROLLBACK' ? `${words[e.status]} rollback` : (words[e.status] ?? e.status)),
      h('td', {}, where(p, e)),
      h('td', {}, h('code', {}, short(e.revision?.id, 7)), ' ', firstLine(e.revision?.summary)), h('td', {}, e.revision?.author ?? ''),
      h('td', {}, h('span', { 'data-since': e.started }), ' ago'),
      h('td', { class: 'do' },
        e.status === 'InProgress' && h('button', { type: 'button', class: 'plain', onclick: guard(() => stop(p, e)) }, 'Stop'),
        stage && h('button', { type: 'button', class: 'plain', onclick: guard(() => retry(p, stage, e)) }, 'Retry')));
  })));
}
