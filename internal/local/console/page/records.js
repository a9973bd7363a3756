// The records: the audit trail of each pipeline, whether it verifies, and the
// evidence pack of each release.
import { api } from './api.js';
import { h, fill, guard, toast } from './dom.js';

let chosen = '';

// setup reads the trail when somebody opens the panel: it costs a query.
export function setup() {
  const tool = document.getElementById('tool-records');
  tool.addEventListener('toggle', guard(async () => { if (tool.open) await draw(); }));
}

async function draw() {
  const pipelines = (await api.chains()).map((chain) => chain.split('/').slice(2).join('/'));
  if (!pipelines.includes(chosen)) chosen = pipelines[0] ?? '';
  const shown = chosen && await api.chain(chosen);
  fill('records-panel',
    h('p', {}, 'Who let which release through: every request, delivery, vote, refusal and decision, each bound to the one before it.'),
    pipelines.length > 0 && h('div', { class: 'choices wrap', role: 'group', 'aria-label': 'Pipeline' }, pipelines.map((p) => h('button', {
      type: 'button', 'data-chain': p, 'aria-pressed': String(p === chosen), onclick: guard(async () => { chosen = p; await draw(); }),
    }, p))),
    shown && verdict(shown),
    shown && h('ol', { class: 'trail', reversed: true }, shown.entries.slice().reverse().map(entry)),
    !shown && h('p', { class: 'hint' }, 'Nothing is on record yet. Start a release that stops at an approval.'),
    h('button', { type: 'button', id: 'reconcile', class: 'plain', title: 'Compares what is open with CodePipeline, as it happens every five minutes', onclick: guard(reconcile) }, 'Reconcile now'));
}

function verdict(shown) {
  const sound = shown.problems.length === 0;
  return h('p', { class: sound ? 'sound' : 'unsound', id: 'chain-verdict' }, sound
    ? `✓ ${shown.entries.length} entries, none changed, missing or out of order`
    : shown.problems.join(' '));
}

function entry(e) {
  return h('li', { value: String(e.seq), 'data-kind': e.kind },
    h('time', { datetime: e.at }, new Date(e.at).toLocaleTimeString()),
    h('b', {}, words(e.kind)),
    e.actor?.name && h('span', {}, ` ${e.actor.name}`),
    e.text && h('span', { class: 'said' }, e.text),
    e.reason && h('q', {}, e.reason),
    h('span', { class: 'seal' }, h('code', { title: `hash ${e.hash}` }, e.hash.slice(0, 10)),
      e.execution && h('a', { href: api.evidence(chosen, e.execution), target: '_blank', rel: 'noopener' }, 'evidence')));
}

const words = (kind) => { const s = kind.toLowerCase().replaceAll('_', ' '); return s[0].toUpperCase() + s.slice(1); };

async function reconcile() {
  await api.reconcile();
  toast('Reconciled: what was missed is put right, and on record as healed.');
  await draw();
}
