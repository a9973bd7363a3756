// The inbox: what SNS has delivered to the person whose role is played.
import { api } from './api.js';
import { h, fill, link, clock } from './dom.js';

let drawn = '';
const open = new Set();

export async function refresh(person) {
  const all = await api.mail();
  const mine = all.filter((m) => m.to === person.email).reverse();
  const key = JSON.stringify([person.email, mine]);
  if (key === drawn) return;
  drawn = key;
  fill('mail-owner', person.email ?? '');
  fill('mail', mine.length ? mine.map(mail) : h('p', { class: 'empty' }, `Nothing for ${person.name}. Approvers get a mail with a personal link and a code.`));
}

function mail(m, i) {
  const id = m.sent_at + m.subject;
  return h('details', {
    class: 'letter', 'data-key': id, open: open.has(id) || (i === 0 && !open.has(`closed ${id}`)),
    ontoggle: (e) => { open[e.target.open ? 'add' : 'delete'](id); if (!e.target.open) open.add(`closed ${id}`); },
  }, h('summary', {}, h('b', {}, m.subject), h('time', {}, clock(m.sent_at))), h('pre', { class: 'letter-body' }, linked(m.body)));
}

function linked(body) {
  return body.split(/(https?:\/\/[^\s<>"]+)/).map((part, i) => (i % 2 ? link(part, part) : part));
}
