// The pipelines as railway lines: stages are stations, an execution is the
// train that stands in one of them.
import { api } from './api.js';
import { h, fill, guard, toast } from './dom.js';
import { aspect, station } from './station.js';
import { history, paint, train, short, firstLine } from './trains.js';

let drawn = '';
const open = new Set(); // whose executions are listed
const folds = new Map(); // what somebody has folded or unfolded

export async function refresh() {
  const lines = await api.pipelines();
  const key = JSON.stringify([lines, [...open], [...folds]]);
  if (key === drawn) return;
  drawn = key;
  lines.forEach(paint);
  fill('pipelines', lines.map(line));
}

const modes = {
  SUPERSEDED: 'Superseded: one release waits in front of a stage; a newer one takes its place.',
  QUEUED: 'Queued: releases wait in front of a stage and enter it in their order.',
  PARALLEL: 'Parallel: releases do not wait for each other; each runs on its own.',
};

const running = (e) => e.status === 'InProgress' || e.status === 'Stopping';

// folded lines leave room to the others: those on which nothing has run yet,
// unless somebody wants it otherwise.
const folded = (p) => folds.get(p.name) ?? !p.executions?.length;

function line(p) {
  const newest = p.executions?.[0];
  const active = (p.executions ?? []).filter(running);
  const failed = newest?.status === 'Failed' && p.stages.find((s) => s.status === 'Failed' && s.execution === newest.id);
  const small = folded(p);
  return h('article', { class: small ? 'line small' : 'line', 'data-pipeline': p.name, 'data-key': p.name, 'data-mode': p.mode },
    h('header', { class: 'line-head' },
      h('h3', {}, h('button', {
        type: 'button', class: 'fold', 'data-fold': p.name, 'aria-expanded': String(!small), title: small ? 'Show the stations' : 'Fold this line',
        onclick: () => { folds.set(p.name, !folded(p)); refresh(); },
      }, p.name)),
      h('select', { class: 'mode', 'aria-label': `Execution mode of ${p.name}`, title: `${p.type}. ${modes[p.mode]}\n\nAnother mode cancels what runs once its actions have ended, as every change of a pipeline does.`, onchange: guard((e) => switchMode(p, e.target.value, active.length)) },
        Object.keys(modes).map((m) => h('option', { value: m, selected: m === p.mode }, m.toLowerCase()))),
      small ? rail(p) : newest && cargo(newest),
      h('span', { class: 'grow' }),
      newest && !small && h('button', { type: 'button', class: 'plain', 'aria-expanded': String(open.has(p.name)), onclick: () => { toggle(p.name); refresh(); } },
        `${active.length > 0 ? `${active.length} under way` : 'Latest'} ${open.has(p.name) ? '▴' : '▾'}`),
      failed && h('button', { type: 'button', class: 'quiet', 'data-key': 'retry', onclick: guard(() => retry(p, failed, newest)) }, `Retry ${failed.name}`),
      active.length === 1 && h('button', { type: 'button', class: 'quiet stop', 'data-key': 'stop', onclick: guard(() => stop(p, active[0])) }, 'Stop'),
      h('button', { type: 'button', class: 'go', 'data-start': p.name, 'data-key': 'go', onclick: guard(() => start(p)) }, 'Start a release')),
    !small && h('ol', { class: 'track' }, p.stages.map((s, i) => station(p, s, i))),
    !small && open.has(p.name) && history(p, { stop, retry }));
}

// rail is all of a folded line: its signals, without their names.
const rail = (p) => h('ol', { class: 'rail' }, p.stages.map((s) => h('li', { class: aspect(p, s), title: s.name }, h('span', { class: 'signal' }))));

function cargo(e) {
  return h('span', { class: 'cargo', title: `The newest release: ${e.revision?.summary ?? ''}` },
    train(e.id), ' ', h('code', {}, short(e.revision?.id, 7)), ' ', firstLine(e.revision?.summary),
    e.revision?.author && h('em', {}, ` ${e.revision.author}`));
}

const toggle = (name) => (open.has(name) ? open.delete(name) : open.add(name));

async function start(p) {
  await api.start(p.name, {});
  toast(`A release of ${p.name} is on its way. Its approval will appear in Slack and in the inbox.`);
  await refresh();
}

async function stop(p, e) {
  await api.stop(p.name, { execution_id: e.id, abandon: true, reason: 'Stopped in the console' });
  toast(`Execution ${short(e.id)} of ${p.name} was stopped.`);
}

async function retry(p, stage, e) {
  await api.retry(p.name, stage.name, e.id);
  toast(`${stage.name} of ${p.name} runs again.`);
}

async function switchMode(p, mode, active) {
  drawn = ''; // so that the list shows what is, even if this is refused
  await api.mode(p.name, mode);
  toast(`${p.name} is ${mode.toLowerCase()} now${active ? `; ${active} under way ${active === 1 ? 'is' : 'are'} cancelled once what runs in ${active === 1 ? 'it' : 'them'} has ended` : ''}.`);
}
