// The Slack pane: channels, messages, buttons and modals.
import { api } from './api.js';
import { h, fill, replace, guard, clock, toast } from './dom.js';
import { blocks } from './blocks.js';
import { mrkdwn } from './mrkdwn.js';

const state = { person: null, channels: [], channel: '', names: new Map(), bots: new Set(), drawn: '', modal: '', seen: new Map() };

export async function setup() {
  const [channels, users] = await Promise.all([api.channels(), api.users()]);
  state.channels = channels;
  state.channel = channels[0]?.id ?? '';
  users.forEach((u) => { state.names.set(u.id, u.real_name || u.name); if (u.is_bot) state.bots.add(u.id); });
  channels.forEach((c) => state.names.set(c.id, c.name));
}

// follow opens a channel.
export function follow(channel) {
  if (state.channels.some((c) => c.id === channel)) { state.channel = channel; state.drawn = ''; }
}

// as plays the role of somebody, at once: a click counts for whoever is chosen,
// not for whom the card was drawn.
export function as(person) { state.person = person; }

export async function refresh() {
  const lists = await Promise.all(state.channels.map((c) => api.messages(c.id)));
  const views = await api.views();
  const { person } = state;
  drawChannels(lists);
  const index = state.channels.findIndex((c) => c.id === state.channel);
  const shown = (lists[index] ?? []).filter((m) => !m.ephemeral_to || m.ephemeral_to === person.slack);
  const key = JSON.stringify([state.channel, person.slack, shown]);
  if (key !== state.drawn) { state.drawn = key; drawMessages(shown); }
  drawModal(views.filter((v) => v.user === person.slack).at(-1), person);
}

function drawChannels(lists) {
  fill('channels', state.channels.map((c, i) => {
    const count = lists[i].length;
    if (c.id === state.channel) state.seen.set(c.id, count);
    const fresh = count - (state.seen.get(c.id) ?? 0);
    return h('button', {
      type: 'button', class: c.id === state.channel ? 'chan on' : 'chan', 'aria-current': c.id === state.channel ? 'true' : null,
      onclick: () => { state.channel = c.id; state.drawn = ''; },
    }, `# ${c.name}`, fresh > 0 && h('span', { class: 'badge' }, String(fresh)));
  }));
  fill('channel-name', `# ${state.names.get(state.channel) ?? ''}`);
}

function drawMessages(messages) {
  const box = document.getElementById('messages');
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80 || box.childElementCount < 2;
  fill('messages', messages.length ? messages.map(message) : [empty()]);
  if (atEnd) box.scrollTop = box.scrollHeight;
}

const empty = () => h('p', { class: 'empty' }, 'Quiet here. Start a release above: when it reaches its approval, the request appears in this channel.');

function message(m) {
  const app = state.bots.has(m.user);
  const env = {
    names: state.names,
    confirm,
    press: guard(async (element) => {
      const answer = await api.click({ user: state.person.slack, channel: m.channel, ts: m.ts, action_id: element.action_id });
      if (answer.status !== 200) toast(`Slack shows an error: the app answered ${answer.status}.`, true);
    }),
  };
  const body = m.blocks?.length ? blocks(m.blocks, env) : h('div', { class: 'stext' }, mrkdwn(m.text ?? '', state.names));
  return h('article', { class: m.ephemeral_to ? 'msg ephemeral' : 'msg', 'data-ts': m.ts, 'data-key': m.ts },
    app ? h('img', { class: 'avatar', src: 'icon.svg', alt: '' }) : h('span', { class: 'avatar' }, initials(m.user)),
    h('div', { class: 'msg-body' },
      h('div', { class: 'who' }, h('b', {}, state.names.get(m.user) ?? m.user_name), app && h('span', { class: 'app' }, 'APP'),
        h('time', {}, clock(Number(m.ts) * 1000)), m.ephemeral_to && h('span', { class: 'only' }, 'Only visible to you')),
      body,
      edited(m) && h('span', { class: 'edited' }, '(edited)')));
}

const edited = (m) => (Array.isArray(m.edits) ? m.edits.length : m.edits) > 0;
const initials = (id) => (state.names.get(id) ?? '?').split(' ').map((w) => w[0]).join('').slice(0, 2);

function confirm(spec, style, then) {
  const close = () => replace('modal');
  replace('modal', dialog(spec.title?.text ?? 'Are you sure?',
    [h('p', {}, mrkdwn(spec.text?.text ?? '', state.names))],
    h('button', { type: 'button', class: 'sbtn', onclick: close }, spec.deny?.text ?? 'Cancel'),
    h('button', { type: 'button', class: `sbtn ${spec.style ?? style ?? 'primary'}`, 'data-confirm': '', onclick: () => { close(); then(); } }, spec.confirm?.text ?? 'Yes')));
  state.modal = 'confirm';
  document.querySelector('#modal [data-confirm]').focus();
}

function dialog(title, body, ...buttons) {
  return h('div', { class: 'veil' }, h('form', { class: 'sdialog', role: 'dialog', 'aria-modal': 'true', 'aria-label': title, onsubmit: (e) => e.preventDefault() },
    h('h4', {}, title), h('div', { class: 'sdialog-body' }, body), h('div', { class: 'sdialog-foot' }, buttons)));
}

function drawModal(view, person) {
  const key = view ? JSON.stringify([view.id, view.errors]) : '';
  if (state.modal === 'confirm') {
    if (document.querySelector('#modal .sdialog') && !view) return;
  }
  if (key === state.modal) return;
  const typed = [...document.querySelectorAll('#modal .sfield')].map((f) => [f.name, f.value]);
  state.modal = key;
  if (!view) { replace('modal'); return; }
  const send = guard(async () => {
    const values = {};
    document.querySelectorAll('#modal .sfield').forEach((f) => { values[f.dataset.block] = { ...values[f.dataset.block], [f.name]: f.value }; });
    const answer = await api.submit(view.id, { user: person.slack, values });
    if (answer.status !== 200) toast(`Slack shows an error: the app answered ${answer.status}.`, true);
  });
  const node = dialog(view.title?.text ?? view.title ?? '', blocks(view.blocks, { names: state.names, errors: view.errors, confirm, press: () => {} }),
    h('button', { type: 'button', class: 'sbtn', onclick: guard(() => api.dismiss(view.id)) }, view.close?.text ?? 'Cancel'),
    h('button', { type: 'submit', class: 'sbtn primary', 'data-submit': '', onclick: send }, view.submit?.text ?? 'Submit'));
  replace('modal', node);
  typed.forEach(([fieldName, value]) => { const f = node.querySelector(`.sfield[name="${fieldName}"]`); if (f && !f.value) f.value = value; });
  node.querySelector('.sfield')?.focus();
}
