// What Slack lays over everything else: confirmations and modals.
import { api } from './api.js';
import { h, replace, guard, toast } from './dom.js';
import { blocks } from './blocks.js';
import { read, write } from './fields.js';
import { mrkdwn } from './mrkdwn.js';

let shown = ''; // which modal, in which state; or 'confirm'

const root = () => document.getElementById('modal');

// warn tells what Slack would have shown instead of an answer.
export function warn(answer) {
  if (answer?.problem) toast(answer.problem, true);
}

export function confirm(names) {
  return (spec, style, then) => {
    const close = () => { shown = ''; replace('modal'); };
    replace('modal', dialog(spec.title?.text ?? 'Are you sure?',
      [h('p', {}, spec.text?.type === 'mrkdwn' ? mrkdwn(spec.text.text, names) : spec.text?.text ?? '')],
      h('button', { type: 'button', class: 'sbtn', onclick: close }, spec.deny?.text ?? 'Cancel'),
      h('button', { type: 'button', class: `sbtn ${spec.style ?? style ?? 'primary'}`, 'data-confirm': '', onclick: () => { close(); then(); } }, spec.confirm?.text ?? 'Yes')));
    shown = 'confirm';
    document.querySelector('#modal [data-confirm]').focus();
  };
}

function dialog(title, body, ...buttons) {
  return h('div', { class: 'veil' }, h('form', { class: 'sdialog', role: 'dialog', 'aria-modal': 'true', 'aria-label': title, onsubmit: (e) => e.preventDefault() },
    h('h4', {}, title), h('div', { class: 'sdialog-body' }, body), h('div', { class: 'sdialog-foot' }, buttons)));
}

// draw shows the modal on top, unless it is there already.
export function draw(view, person, names) {
  if (shown === 'confirm' && root().firstChild && !view) return;
  const key = view ? JSON.stringify([view.id, view.blocks, view.errors]) : '';
  if (key === shown) return;
  const typed = read(root());
  shown = key;
  if (!view) { replace('modal'); return; }
  const env = {
    names, errors: view.errors, confirm: confirm(names),
    press: guard(async (element, block, value) => warn(await api.click({ user: person.slack, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value }))),
  };
  const node = dialog(view.title?.text ?? '', blocks(view.blocks, env),
    h('button', { type: 'button', class: 'sbtn', onclick: guard(() => api.dismiss(view.id)) }, view.close?.text ?? (view.submit ? 'Cancel' : 'Close')),
    view.submit && h('button', {
      type: 'submit', class: 'sbtn primary', 'data-submit': '',
      onclick: guard(async () => warn(await api.submit(view.id, { user: person.slack, values: read(root()) }))),
    }, view.submit.text));
  replace('modal', node);
  write(node, typed);
  node.querySelector('.sfield')?.focus();
}
