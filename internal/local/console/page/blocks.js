// Block Kit as elements.
import { h, safeURL } from './dom.js';
import { textObject } from './mrkdwn.js';

function button(element, env) {
  const classes = ['sbtn', element.style].filter(Boolean).join(' ');
  const text = textObject(element.text, env.names);
  const href = element.url && safeURL(element.url);
  const press = () => {
    if (!element.confirm) { env.press(element); return; }
    env.confirm(element.confirm, element.style, () => env.press(element));
  };
  return href
    ? h('a', { class: classes, href, target: '_blank', rel: 'noreferrer noopener' }, text)
    : h('button', { class: classes, type: 'button', 'data-action': element.action_id, onclick: press }, text);
}

function field(element, blockID) {
  const attrs = { class: 'sfield', name: element.action_id, 'data-block': blockID, placeholder: element.placeholder?.text, maxlength: element.max_length };
  const node = h(element.multiline ? 'textarea' : 'input', element.multiline ? { ...attrs, rows: 3 } : attrs);
  if (element.initial_value) node.value = element.initial_value;
  return node;
}

const draw = {
  header: (b, env) => h('div', { class: 'sheader' }, textObject(b.text, env.names)),
  divider: () => h('hr'),
  section: (b, env) => h('div', { class: 'ssection' },
    h('div', { class: 'sbody' },
      b.text && h('div', { class: 'stext' }, textObject(b.text, env.names)),
      b.fields && h('div', { class: 'sfields' }, b.fields.map((f) => h('div', {}, textObject(f, env.names))))),
    b.accessory && b.accessory.type === 'button' && button(b.accessory, env)),
  context: (b, env) => h('div', { class: 'scontext' }, b.elements.map((e) => h('span', {}, e.type === 'image' ? '' : textObject(e, env.names)))),
  actions: (b, env) => h('div', { class: 'sactions' }, b.elements.map((e) => button(e, env))),
  input: (b, env) => h('label', { class: 'sinput' },
    h('span', {}, textObject(b.label, env.names), b.optional && h('em', {}, ' (optional)')),
    field(b.element, b.block_id),
    env.errors?.[b.block_id] && h('span', { class: 'serror', role: 'alert' }, env.errors[b.block_id]),
    b.hint && h('small', {}, textObject(b.hint, env.names))),
};

export function blocks(list, env) {
  return (list ?? []).map((b) => (draw[b.type] ? draw[b.type](b, env) : h('div', { class: 'sunknown' }, `[${b.type}]`)));
}
