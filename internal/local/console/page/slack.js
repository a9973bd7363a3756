// The Slack pane: channels, the app with its home and its direct messages, and
// a line to type commands into.
import { api } from './api.js';
import { h, fill, guard, toast } from './dom.js';
import { blocks } from './blocks.js';
import * as dialog from './dialog.js';
import { list } from './message.js';

const app = 'app'; // where one is when one has opened the app
const state = {
  person: null, place: '', tab: 'home', channels: [], names: new Map(), bots: new Set(), seen: new Map(), drawn: '', visit: '', problem: '',
};

export async function setup() {
  const [channels, users, groups] = await Promise.all([api.channels(''), api.users(), api.groups()]);
  state.channels = channels;
  state.place = channels[0]?.id ?? '';
  users.forEach((u) => { state.names.set(u.id, u.real_name || u.name); if (u.is_bot) state.bots.add(u.id); });
  channels.forEach((c) => state.names.set(c.id, c.name));
  groups.forEach((g) => state.names.set(g.id, g.handle));
  document.getElementById('composer').addEventListener('submit', guard(send));
}

// follow opens a channel.
export function follow(channel) {
  if (state.channels.some((c) => c.id === channel)) go(channel);
}

// as plays the role of somebody, at once: a click counts for whoever is chosen,
// not for whom the card was drawn.
export function as(person) { state.person = person; state.drawn = ''; }

function go(place, tab = state.tab) {
  Object.assign(state, { place, tab, drawn: '', visit: '' });
  guard(refresh)();
}

const env = () => ({ names: state.names, bots: state.bots, person: () => state.person });

export async function refresh() {
  const me = state.person.slack;
  const { place } = state;
  state.channels = await api.channels(me);
  const direct = state.channels.find((c) => c.is_im);
  const home = place === app && state.tab === 'home';
  const here = place === app ? direct : state.channels.find((c) => c.id === place);
  const [messages, views] = await Promise.all([home || !here ? [] : api.messages(here.id), api.views()]);
  if (me !== state.person.slack || place !== state.place) return; // somebody else has taken over meanwhile, or gone elsewhere
  if (!home && here) state.seen.set(me + here.id, here.messages);
  drawSide(direct);
  drawHead();
  if (home) await drawHome(me); else drawMessages(messages.filter((m) => !m.ephemeral_to || m.ephemeral_to === me));
  dialog.draw(views.filter((v) => v.user === me).at(-1), state.person, state.names);
}

// drawSide lists where one can go. What has something new stands out.
function drawSide(direct) {
  const me = state.person.slack;
  const place = (id, c, text, about) => {
    const n = c ? c.messages - (state.seen.get(me + c.id) ?? 0) : 0;
    const classes = ['chan', id === state.place && 'on', n > 0 && 'news', c?.is_archived && 'gone'];
    return h('button', {
      type: 'button', class: classes.filter(Boolean).join(' '), 'data-place': id, title: about,
      'aria-current': id === state.place ? 'true' : null, onclick: () => go(id),
    }, h('span', { class: 'chan-name' }, text), n > 0 && h('span', { class: 'badge' }, n > 99 ? '99+' : String(n)));
  };
  fill('channels',
    state.channels.filter((c) => !c.is_im).map((c) => place(c.id, c, `# ${c.name}`, c.is_archived ? `#${c.name} is archived` : null)),
    h('h2', {}, 'Apps'),
    place(app, direct, h('span', { class: 'appname' }, h('img', { src: 'icon.svg', alt: '' }), 'Signalbox')));
}

function drawHead() {
  const inApp = state.place === app;
  fill('channel-name', inApp ? 'Signalbox' : `# ${state.names.get(state.place) ?? ''}`);
  fill('tabs', inApp && [['home', 'Home'], ['messages', 'Messages']].map(([tab, text]) => h('button', {
    type: 'button', role: 'tab', 'data-tab': tab, 'aria-selected': String(state.tab === tab), onclick: () => go(app, tab),
  }, text)));
  fill('composer', inApp
    ? state.tab === 'messages' && h('p', { class: 'hint' }, 'Nobody can write to this app.')
    : [h('input', { id: 'command', name: 'command', autocomplete: 'off', placeholder: '/signalbox help', 'aria-label': 'Slash command' }), h('button', { class: 'sbtn', type: 'submit' }, 'Send')]);
}

// drawHome opens the app once each time that somebody comes to its home, and
// draws what it has published.
async function drawHome(me) {
  if (state.visit !== me) {
    state.visit = me;
    const answer = await guard(() => api.visit(me, 'home'))();
    state.problem = answer?.problem ?? '';
  }
  const view = await api.home(me);
  if (me !== state.person.slack || state.place !== app || state.tab !== 'home') return;
  draw(['home', view, state.problem], () => (view ? h('div', { class: 'home', 'data-key': `home ${me}` }, blocks(view.blocks, {
    names: state.names, confirm: dialog.confirm(state.names),
    press: guard(async (element, block, value) => dialog.warn(await api.click({ user: state.person.slack, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value }))),
  })) : h('p', { class: 'empty' }, `Signalbox shows nothing here yet. ${state.problem}`)));
}

const quiet = {
  channel: 'Quiet here. Start a release above: its card appears in the channel that its route leads to.',
  app: 'Signalbox has not written to you.',
};

function drawMessages(messages) {
  draw(['messages', messages], () => (messages.length ? list(messages, env()) : h('p', { class: 'empty' }, quiet[state.place] ?? quiet.channel)));
}

// draw redraws the pane when what it shows has changed, and stays at its end.
function draw(what, nodes) {
  const key = JSON.stringify([state.place, state.person.slack, what]);
  if (key === state.drawn) return;
  const box = document.getElementById('messages');
  const came = !state.drawn || box.childElementCount < 2;
  const atEnd = came || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  state.drawn = key;
  fill('messages', nodes());
  if (what[0] === 'home') { if (came) box.scrollTop = 0; } else if (atEnd) box.scrollTop = box.scrollHeight;
}

async function send(e) {
  e.preventDefault();
  const input = document.getElementById('command');
  const [command, ...rest] = input.value.trim().split(/\s+/);
  if (!command.startsWith('/')) { toast('Only commands are of use here: try /signalbox help.', true); return; }
  dialog.warn(await api.command({ user: state.person.slack, channel: state.place, command, text: rest.join(' ') }));
  input.value = '';
  await refresh();
}
