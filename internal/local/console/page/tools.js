// The tools in the header: how fast time runs, how well events are delivered,
// and the play.
import { api } from './api.js';
import { h, fill, guard, toast } from './dom.js';
import * as time from './time.js';

const speeds = [1, 5, 20, 100];
const presets = {
  well: { late: 0, double: 0, lose: 0, reorder: 0 },
  roughly: { late: 0.2, double: 0.2, lose: 0, reorder: 0.2 },
  awfully: { late: 0.4, double: 0.5, lose: 0.1, reorder: 0.4 },
};
const named = { late: 'late', double: 'twice', lose: 'never', reorder: 'out of order' };
const told = { well: 'Every event comes once, at once and in order.', roughly: 'As on a bad day: some late, some twice, some out of order.', awfully: 'Half of them wrong, and one in ten never comes.' };

let rates = presets.well;

export async function refresh() {
  const [hours, delivery] = await Promise.all([api.time(), api.delivery()]);
  time.set(hours);
  rates = delivery;
  drawTime();
  drawDelivery(delivery.counters);
}

let scene = {};

// play shows the caption of the play, if one is on, and returns its scene.
export async function play() {
  const now = await api.demo();
  if (JSON.stringify(now) !== JSON.stringify(scene)) { scene = now; drawPlay(); }
  return scene;
}

function drawPlay() {
  document.getElementById('caption').hidden = !scene.text;
  fill('caption', scene.text && [
    scene.clock && h('time', {}, scene.clock), h('span', { class: 'grow', 'data-key': scene.text }, scene.text),
    scene.playing && h('progress', { max: scene.of, value: scene.scene, 'aria-label': 'How far the play is' }),
    h('button', { type: 'button', class: 'plain', onclick: guard(() => api.play(false)) }, scene.playing ? 'Stop' : 'Close'),
  ]);
  fill('play', !scene.playing && h('button', {
    type: 'button', class: 'tool-button', title: 'Plays a day of releases in three minutes', onclick: guard(start),
  }, '▸ Play a day'));
}

async function start() {
  await api.play(true);
  toast('The play begins: a day of releases in three minutes.');
  await play();
}

function drawTime() {
  const shifted = Math.abs(time.ahead()) > 1;
  fill('time-now', time.speed() === 0 ? 'Time stands' : `×${time.speed()}`, shifted && h('time', {}, time.today()));
  document.getElementById('tool-time').classList.toggle('changed', time.speed() !== 1 || shifted);
  fill('time-panel',
    h('p', {}, 'The pipelines’ clock: ', h('b', {}, time.today()), shifted && h('small', {}, ` (${ahead()} of ours)`)),
    h('div', { class: 'choices', role: 'group', 'aria-label': 'Speed' }, speeds.map((s) => h('button', {
      type: 'button', 'data-speed': s, 'aria-pressed': String(time.speed() === s), onclick: guard(() => setTime({ speed: s })),
    }, `×${s}`))),
    h('div', { class: 'choices', role: 'group', 'aria-label': 'Advance' }, [['10m', '10 min'], ['1h', '1 hour'], ['24h', '1 day']].map(([by, text]) => h('button', {
      type: 'button', 'data-advance': by, onclick: guard(() => setTime({ advance: by })),
    }, `+ ${text}`))),
    h('p', { class: 'hint' }, 'Builds, deployments and deadlines go by this clock. Slack and mails keep ours.'));
}

function ahead() {
  const m = Math.abs(time.ahead());
  const text = m < 60 ? `${m} min` : m < 1440 ? `${Math.floor(m / 60)} h ${m % 60} min` : `${Math.floor(m / 1440)} d ${Math.floor((m % 1440) / 60)} h`;
  return `${text} ${time.ahead() > 0 ? 'ahead' : 'behind'}`;
}

async function setTime(body) { time.set(await api.setTime(body)); drawTime(); time.tick(); }

const preset = () => Object.keys(presets).find((k) => Object.keys(named).every((n) => presets[k][n] === rates[n]));

function drawDelivery(counters) {
  const is = preset();
  fill('delivery-now', `Events: ${is ?? 'as set'}`);
  document.getElementById('tool-delivery').classList.toggle('changed', is !== 'well');
  fill('delivery-panel',
    h('p', {}, 'CodePipeline’s events are delivered'),
    h('div', { class: 'choices', role: 'group', 'aria-label': 'Delivery' }, Object.keys(presets).map((k) => h('button', {
      type: 'button', 'data-preset': k, title: told[k], 'aria-pressed': String(is === k), onclick: guard(() => setRates(presets[k])),
    }, k))),
    h('div', { class: 'sliders' }, Object.entries(named).map(([key, text]) => h('label', {},
      h('span', {}, text), h('input', { type: 'range', min: 0, max: 100, step: 5, value: Math.round(rates[key] * 100), 'data-rate': key, onchange: guard((e) => setRates({ ...rates, [key]: e.target.value / 100 })) }),
      h('output', {}, `${Math.round(rates[key] * 100)} %`)))),
    counters && h('p', { class: 'hint' }, `${counters.events} events so far: ${counters.delivered} delivered, ${counters.late} late, ${counters.doubled} twice, ${counters.reordered} out of order, ${counters.lost} never.`));
  document.querySelectorAll('#delivery-panel input').forEach((n) => { if (document.activeElement !== n) n.value = Math.round(rates[n.dataset.rate] * 100); });
}

async function setRates({ late, double, lose, reorder }) {
  const answer = await api.setDelivery({ late, double, lose, reorder, seed: 1 });
  rates = answer;
  drawDelivery(answer.counters);
}

// An open panel closes when one presses elsewhere, or Escape.
export function setup() {
  const close = (except) => document.querySelectorAll('details.tool[open]').forEach((d) => { if (d !== except) d.open = false; });
  document.addEventListener('pointerdown', (e) => close(e.target.closest('details.tool')));
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape') close(); });
}
