// The console: polls the local world and draws what has changed.
import { api } from './api.js';
import { h, fill } from './dom.js';
import * as time from './time.js';
import * as tools from './tools.js';
import * as records from './records.js';
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

function choose(slackID, keep = true) {
  person = people.find((p) => p.slack === slackID) ?? people[0];
  slack.as(person);
  if (keep) sessionStorage.setItem(kept, person.slack);
  const groups = person.groups?.length ? person.groups.join(' · ') : 'in no group';
  fill('role', groups);
  document.getElementById('role').title = groups;
}

async function setup() {
  people = await api.people();
  choose(sessionStorage.getItem(kept));
  fill('person', people.map((p) => h('option', { value: p.slack, selected: p.slack === person.slack }, p.name)));
  document.getElementById('person').addEventListener('change', (e) => { choose(e.target.value); refresh(); });
  tools.setup();
  records.setup();
  await slack.setup();
}

let followed = '';

// follow shows each scene of a play through the eyes of who acts in it, and
// afterwards gives the page back.
function follow(scene) {
  const key = scene.playing ? String(scene.scene) : '';
  if (key === followed) return;
  followed = key;
  choose(scene.playing && scene.person ? scene.person : sessionStorage.getItem(kept), !scene.playing);
  document.getElementById('person').value = person.slack;
  if (scene.channel) slack.follow(scene.channel);
}

async function refresh() {
  try {
    follow(await tools.play());
    await Promise.all([tools.refresh(), pipelines.refresh(), slack.refresh(), mail.refresh(person)]);
    time.tick();
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
