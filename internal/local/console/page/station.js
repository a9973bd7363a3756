// A stage as a station: its signal, who stands in it, who waits in front.
import { api } from './api.js';
import { h, link, guard, toast } from './dom.js';
import { train, words, about } from './trains.js';

const aspects = { InProgress: 'running', Succeeded: 'done', Failed: 'failed', Stopped: 'stopped', Stopping: 'stopped', Skipped: 'skipped' };
const spoken = { waiting: 'waits for a person', running: 'running', done: 'done', failed: 'failed', stopped: 'stopped', skipped: 'skipped', idle: 'not reached' };
const glyph = { waiting: '?', running: '', done: '✓', failed: '✕', stopped: '■', skipped: '»', idle: '' };

const here = (p, s) => (p.executions ?? []).filter((e) => e.stage === s.name && !e.waiting && (e.status === 'InProgress' || e.status === 'Stopping'));

// aspect is what the signal shows: what people look for first.
export function aspect(p, s) {
  if (here(p, s).some((e) => e.approving)) return 'waiting';
  if (p.mode === 'PARALLEL' && here(p, s).length > 0) return 'running';
  if (s.status === 'InProgress' && s.actions.some((a) => a.category === 'Approval' && a.status === 'InProgress')) return 'waiting';
  return aspects[s.status] ?? 'idle';
}

export function station(p, s, i) {
  const shows = aspect(p, s);
  const groups = Object.values(Object.groupBy(s.actions, (a) => a.run_order));
  const width = Math.max(...groups.map((g) => g.length));
  return h('li', { class: `station ${shows} wide${Math.min(width, 4)}`, 'data-stage': s.name, 'data-aspect': shows },
    i > 0 && approach(p, s),
    h('span', { class: 'signal', role: 'img', 'aria-label': spoken[shows] }, glyph[shows]),
    h('div', { class: 'name' }, h('b', { class: 'stage-name' }, s.name), trains(p, s, shows)),
    groups.map((g) => h('ul', { class: 'actions' }, g.map((a) => action(p, s, a)))),
    conditions(p, s));
}

// trains are who stands in the stage.
function trains(p, s, shows) {
  if (p.mode === 'PARALLEL') return here(p, s).map((e) => train(e.id, { state: e.approving ? 'asks' : '', title: about(e) }));
  const held = s.execution && (s.status === 'InProgress' || s.execution !== p.executions?.[0]?.id || shows === 'failed');
  return held && train(s.execution, { title: about(p.executions.find((e) => e.id === s.execution)) });
}

const atMost = 3;
const nth = ['next', 'second', 'third'];

// approach is the way into the stage: who waits there, and its transition.
function approach(p, s) {
  const waiting = s.waiting ?? [];
  const closed = s.transition?.enabled === false;
  return h('div', { class: closed ? 'approach closed' : 'approach' },
    h('button', {
      type: 'button', class: 'gate', 'aria-pressed': String(closed), 'aria-label': `${closed ? 'Open' : 'Close'} the transition into ${s.name}`,
      title: closed ? `Closed: ${s.transition.disabledReason ?? ''}\nPress to open the transition into ${s.name}.` : `Close the transition into ${s.name}`,
      onclick: guard(() => turn(p, s, closed)),
    }),
    waiting.slice(0, atMost).map((id, i) => train(id, { state: 'queued', title: `${nth[i]} in front of ${s.name}. ${about(p.executions.find((e) => e.id === id))}` })),
    waiting.length > atMost && h('span', { class: 'more', title: `${waiting.length} wait in front of ${s.name}` }, `+${waiting.length - atMost}`));
}

async function turn(p, s, closed) {
  await api.transition(p.name, s.name, closed);
  toast(closed ? `The transition into ${s.name} is open.` : `The transition into ${s.name} is closed: releases wait in front of it.`);
}

const scriptable = ['Build', 'Test', 'Deploy'];

function action(p, s, a) {
  const runs = a.status === 'InProgress';
  const asks = a.category === 'Approval' && (runs || here(p, s).some((e) => e.approving));
  const state = asks ? 'waits for approval' : (words[a.status] ?? '');
  const place = a.account && `in account ${a.account}`;
  return h('li', { class: `action ${a.status ?? ''}`, title: [a.summary, place, `${a.provider}`].filter(Boolean).join('\n') },
    a.url ? link(a.url, a.name) : h('span', {}, a.name), a.account && h('span', { class: 'abroad', title: place }, '↗'),
    runs && a.percent > 0
      ? h('span', { class: 'shift' }, h('progress', { max: 100, value: a.percent, 'aria-label': 'Traffic on the new version' }), h('small', {}, `${a.percent} %`))
      : h('small', {}, state, ' ', runs && a.since && h('span', { 'data-since': a.since })),
    scriptable.includes(a.category) && h('button', {
      type: 'button', class: a.fails_next ? 'fail set' : 'fail', 'aria-pressed': String(Boolean(a.fails_next)),
      title: a.fails_next ? 'Its next run will fail. Press to let it succeed.' : `Let the next run of ${a.name} fail`, onclick: guard(() => fail(p, s, a)),
    }, a.fails_next ? 'will fail' : 'fail next'));
}

async function fail(p, s, a) {
  if (a.fails_next) { await api.script(p.name, s.name, a.name, { outcome: 'Succeeded' }); return; }
  await api.script(p.name, s.name, a.name, { outcome: 'Failed', summary: 'Told to fail in the console' });
  toast(`The next run of ${a.name} in ${p.name} will fail.`);
}

const kinds = { BEFORE_ENTRY: 'before entry', ON_SUCCESS: 'on success', ON_FAILURE: 'on failure' };

function conditions(p, s) {
  return (s.conditions ?? []).filter((c) => c.status && c.status !== 'Succeeded').map((c) => h('p', { class: `condition ${c.status}`, title: c.reason ?? '' },
    `${kinds[c.type]}: ${c.rules.join(', ')} ${words[c.status] ?? c.status.toLowerCase()} `,
    c.overridable && h('button', { type: 'button', class: 'plain', onclick: guard(() => api.override(p.name, { stage: s.name, execution_id: s.execution, type: c.type })) }, 'Override')));
}
