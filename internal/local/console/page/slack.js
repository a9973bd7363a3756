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
  state.channels = await api.channels(me);
  const lists = await Promise.all(state.channels.map(async (c) => [c, (await api.messages(c.id)).filter((m) => !m.ephemeral_to || m.ephemeral_to === me)]));
  const views = await api.views();
  if (me !== state.person.slack) return; // somebody else has taken over meanwhile
  const direct = lists.find(([c]) => c.is_im);
  const home = state.place === app && state.tab === 'home';
  const here = state.place === app ? direct : lists.find(([c]) => c.id === state.place);
  if (!home && here) state.seen.set(me + here[0].id, here[1].length);
  drawSide(lists, direct);
  drawHead();
  if (home) await drawHome(me); else drawMessages(here?.[1] ?? []);
  dialog.draw(views.filter((v) => v.user === me).at(-1), state.person, state.names);
}

function drawSide(lists, direct) {
  const me = state.person.slack;
  const badge = ([c, messages]) => { const n = messages.length - (state.seen.get(me + c.id) ?? 0); return n > 0 && h('span', { class: 'badge' }, String(n)); };
  const place = (id, text, mark) => h('button', {
    type: 'button', class: id === state.place ? 'chan on' : 'chan', 'data-place': id, 'aria-current': id === state.place ? 'true' : null, onclick: () => go(id),
  }, text, mark);
  fill('channels',
    lists.filter(([c]) => !c.is_im).map((entry) => place(entry[0].id, `# ${entry[0].name}`, badge(entry))),
    h('h2', {}, 'Apps'),
    place(app, h('span', { class: 'appname' }, h('img', { src: 'icon.svg', alt: '' }), 'Signalbox'), direct && badge(direct)));
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
  channel: 'Quiet here. Start a release above: when it reaches its approval, the request appears in this channel.',
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
