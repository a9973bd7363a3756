// The console: polls the local world and draws what has changed.
import { api } from './api.js';
import { h, fill } from './dom.js';
import * as pipelines from './pipelines.js';
import * as slack from './slack.js';
import * as mail from './mail.js';

const every = 600; // milliseconds
const kept = 'signalbox.person';
let people = [];
let person = null;

function health(text, state) {
  const node = document.getElementById('health');
  if (node.textContent !== text) node.textContent = text;
  node.dataset.state = state;
}

async function ready() {
  for (;;) {
    try {
      const answer = await api.health();
      if (answer.ready) return;
      health(answer.step ?? 'starting', 'starting');
    } catch {
      health('not running', 'down');
    }
    await new Promise((next) => { setTimeout(next, every); });
  }
}

function choose(slackID) {
  person = people.find((p) => p.slack === slackID) ?? people[0];
  sessionStorage.setItem(kept, person.slack);
}

async function setup() {
  people = await api.people();
  choose(sessionStorage.getItem(kept));
  fill('person', people.map((p) => h('option', { value: p.slack, selected: p.slack === person.slack },
    p.name + (p.groups?.length ? ` (${p.groups.join(', ')})` : ' (approves nothing)'))));
  document.getElementById('person').addEventListener('change', (e) => { choose(e.target.value); refresh(); });
  await slack.setup();
}

async function refresh() {
  try {
    await Promise.all([pipelines.refresh(), slack.refresh(person), mail.refresh(person)]);
    health('live', 'live');
  } catch (err) {
    health(err instanceof TypeError ? 'not running' : err.message, 'down');
  }
}

async function loop() {
  await refresh();
  setTimeout(loop, every);
}

await ready();
await setup();
await loop();
