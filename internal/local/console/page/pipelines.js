// The pipelines as railway lines: stages are stations, an execution is the
// train that stands in one of them.
import { api } from './api.js';
import { h, fill, link, guard, ago, toast } from './dom.js';

let drawn = '';
const open = new Set();

export async function refresh() {
  const lines = await api.pipelines();
  const key = JSON.stringify(lines);
  if (key !== drawn) { drawn = key; fill('pipelines', lines.map(line)); }
  document.querySelectorAll('[data-since]').forEach((n) => { n.textContent = ago(n.dataset.since); });
}

const words = {
  Succeeded: 'done', Failed: 'failed', InProgress: 'running', Stopped: 'stopped', Stopping: 'stopping',
  Abandoned: 'stopped', Superseded: 'superseded', Cancelled: 'canceled', Skipped: 'skipped',
};

// signal is the aspect a station shows: what people look for first.
function signal(stage) {
  if (stage.status === 'InProgress' && stage.actions.some((a) => a.category === 'Approval' && a.status === 'InProgress')) return 'waiting';
  return { InProgress: 'running', Succeeded: 'done', Failed: 'failed', Stopped: 'stopped', Stopping: 'stopped' }[stage.status] ?? 'idle';
}

const spoken = { waiting: 'waits for a person', running: 'running', done: 'done', failed: 'failed', stopped: 'stopped', idle: 'not reached' };
const glyph = { waiting: '?', running: '', done: '✓', failed: '✕', stopped: '■', idle: '' };

function line(p) {
  const newest = p.executions?.[0];
  return h('article', { class: 'line', 'data-pipeline': p.name },
    h('header', { class: 'line-head' },
      h('h3', {}, p.name),
      h('span', { class: 'mode' }, `${p.type} · ${p.mode.toLowerCase()}`),
      newest && h('span', { class: 'cargo' }, h('code', {}, (newest.revision?.id ?? '').slice(0, 7)), ' ', firstLine(newest.revision?.summary),
        newest.revision?.author && h('em', {}, ` ${newest.revision.author}`)),
      h('span', { class: 'grow' }),
      newest?.status === 'InProgress' && h('button', { type: 'button', class: 'quiet', onclick: guard(() => stop(p, newest)) }, 'Stop'),
      h('button', { type: 'button', class: 'go', 'data-start': p.name, onclick: guard(() => start(p)) }, 'Start a release')),
    h('ol', { class: 'track' }, p.stages.map((s, i) => station(p, s, i))),
    history(p));
}

function station(p, s, i) {
  const aspect = signal(s);
  const held = s.transition && s.transition.enabled === false;
  return h('li', { class: `station ${aspect}`, 'data-stage': s.name, 'data-aspect': aspect },
    i > 0 && (s.waiting?.length > 0 || held) && h('span', { class: held ? 'queue held' : 'queue', title: held ? `Transition disabled: ${s.transition.reason ?? ''}` : 'Waits in front of this stage' },
      held ? '⛔ ' : '', (s.waiting ?? []).map((w) => short(w.id ?? w.execution ?? w)).join(', ')),
    h('span', { class: 'signal', role: 'img', 'aria-label': spoken[aspect] }, glyph[aspect]),
    h('b', { class: 'stage-name' }, s.name),
    s.execution && (aspect !== 'done' || s.execution !== p.executions?.[0]?.id) && h('span', { class: 'train', title: s.execution }, short(s.execution)),
    h('ul', { class: 'actions' }, s.actions.map((a) => action(p, s, a))));
}

function action(p, s, a) {
  const waits = a.category === 'Approval' && a.status === 'InProgress';
  const state = waits ? 'waits for approval' : (words[a.status] ?? '');
  const scriptable = ['Build', 'Test', 'Deploy'].includes(a.category);
  return h('li', { class: `action ${a.status ?? ''}`, title: a.summary ?? '' },
    a.url ? link(a.url, a.name) : h('span', {}, a.name),
    h('small', {}, state, ' ', a.status === 'InProgress' && a.since && h('span', { 'data-since': a.since })),
    scriptable && h('button', { type: 'button', class: 'fail', title: `Let the next run of ${a.name} fail`, onclick: guard(() => fail(p, s, a)) }, 'fail next'));
}

function history(p) {
  const past = (p.executions ?? []).slice(0, 6);
  if (past.length === 0) return h('p', { class: 'none' }, 'No release yet.');
  return h('details', { class: 'history', open: open.has(p.name), ontoggle: (e) => { if (e.target.open) open.add(p.name); else open.delete(p.name); } },
    h('summary', {}, `Latest executions (${p.executions.length})`),
    h('table', {}, h('tbody', {}, past.map((e) => h('tr', {},
      h('td', {}, h('code', {}, short(e.id))), h('td', { class: `state ${e.status}` }, words[e.status] ?? e.status),
      h('td', {}, h('code', {}, (e.revision?.id ?? '').slice(0, 7)), ' ', firstLine(e.revision?.summary)), h('td', {}, e.revision?.author ?? ''),
      h('td', {}, h('span', { 'data-since': e.started }), ' ago'))))));
}

const short = (id) => String(id ?? '').slice(0, 8);
const firstLine = (s) => String(s ?? '').split('\n')[0].slice(0, 90);

async function start(p) {
  await api.start(p.name, {});
  toast(`A release of ${p.name} is on its way. Its approval will appear in Slack and in the inbox.`);
}

async function stop(p, e) {
  await api.stop(p.name, { execution_id: e.id, abandon: true, reason: 'Stopped in the console' });
  toast(`Execution ${short(e.id)} of ${p.name} was stopped.`);
}

async function fail(p, s, a) {
  await api.script(p.name, s.name, a.name, { outcome: 'Failed', summary: 'Told to fail in the console' });
  toast(`The next run of ${a.name} in ${p.name} will fail.`);
}
