// One message of Slack, with the thread below it.
import { api } from './api.js';
import { h, guard, clock } from './dom.js';
import { blocks } from './blocks.js';
import { confirm, warn } from './dialog.js';
import { mrkdwn } from './mrkdwn.js';

const opened = new Set(); // threads that somebody has opened

// list draws messages in order. Answers stand below the message that they
// answer, and once more in the channel when they were sent there as well.
export function list(messages, env) {
  const begun = new Set(messages.map((m) => m.ts));
  const isAnswer = (m) => m.thread_ts && m.thread_ts !== m.ts && begun.has(m.thread_ts);
  return messages.filter((m) => !isAnswer(m) || m.broadcast).map((m) => {
    const parent = isAnswer(m) && messages.find((o) => o.ts === m.thread_ts);
    return message(m, env, {
      above: parent && h('div', { class: 'answers' }, 'replied to a thread: ', h('q', {}, mrkdwn(parent.text ?? '', env.names))),
      below: thread(m.ts, messages.filter((o) => o.thread_ts === m.ts && o.ts !== m.ts), env),
    });
  });
}

// thread is closed until somebody opens it, as in Slack: there it stands beside
// the channel, here below its message. What only the reader sees opens it.
function thread(ts, answers, env) {
  if (!answers.length) return null;
  const count = answers.filter((m) => !m.ephemeral_to).length;
  const mine = answers.some((m) => m.ephemeral_to);
  return h('details', {
    class: 'thread', 'data-key': `thread ${ts}`, 'data-thread': ts, open: mine || opened.has(ts),
    ontoggle: (e) => { opened[e.target.open ? 'add' : 'delete'](ts); },
  }, h('summary', {}, faces(answers, env), h('b', {}, count === 1 ? '1 reply' : `${count} replies`),
    h('time', {}, `Last reply at ${clock(Number(answers.at(-1).ts) * 1000)}`)),
  answers.map((m) => message(m, env, { also: m.broadcast })));
}

// faces are those who have answered in a thread.
function faces(answers, env) {
  const users = [...new Set(answers.map((m) => m.user))].slice(0, 3);
  return h('span', { class: 'faces' }, users.map((user) => avatar(user, env)));
}

const avatar = (user, env) => (env.bots.has(user)
  ? h('img', { class: 'avatar', src: 'icon.svg', alt: '' })
  : h('span', { class: 'avatar' }, initials(env.names.get(user))));

function message(m, env, { above, below, also } = {}) {
  const app = env.bots.has(m.user);
  const here = {
    names: env.names,
    confirm: confirm(env.names),
    // Whoever is chosen now clicks, not whom the card was drawn for.
    press: guard(async (element, block, value) => warn(await api.click({
      user: env.person().slack, channel: m.channel, ts: m.ts, action_id: element.action_id, block_id: block.block_id, value,
    }))),
  };
  const body = m.blocks?.length ? blocks(m.blocks, here) : h('div', { class: 'stext' }, mrkdwn(m.text ?? '', env.names));
  return h('article', { class: m.ephemeral_to ? 'msg ephemeral' : 'msg', 'data-ts': m.ts, 'data-key': m.ts },
    avatar(m.user, env),
    h('div', { class: 'msg-body' },
      h('div', { class: 'who' }, h('b', {}, env.names.get(m.user) ?? m.user_name), app && h('span', { class: 'app' }, 'APP'),
        h('time', {}, clock(Number(m.ts) * 1000)), m.ephemeral_to && h('span', { class: 'only' }, 'Only visible to you')),
      above, body,
      m.edits > 0 && h('span', { class: 'edited' }, '(edited)'),
      also && h('span', { class: 'also' }, 'Also sent to the channel'),
      below));
}

const initials = (name) => (name ?? '?').split(' ').map((w) => w[0]).join('').slice(0, 2);
