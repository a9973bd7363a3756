// Block Kit as elements. An env says how: names of ids, errors by block, press
// for what acts at once, and confirm for what asks first.
import { h, safeURL } from './dom.js';
import { emojify, moment, textObject } from './mrkdwn.js';
import { field, menus } from './fields.js';

function button(element, block, env) {
  const classes = ['sbtn', element.style].filter(Boolean).join(' ');
  const text = textObject(element.text, env.names);
  const href = element.url && safeURL(element.url);
  const about = { class: classes, 'data-action': element.action_id, 'aria-label': element.accessibility_label };
  return href // the app hears of a link that is followed, too
    ? h('a', { ...about, href, target: '_blank', rel: 'noreferrer noopener', onclick: () => { env.press(element, block); } }, text)
    : h('button', { ...about, type: 'button', onclick: () => asked(element, env, () => env.press(element, block)) }, text);
}

function asked(element, env, then) {
  if (element.confirm) env.confirm(element.confirm, element.style, then); else then();
}

function overflow(element, block, env) {
  return h('details', { class: 'smore' }, h('summary', { 'aria-label': 'More' }, '⋯'),
    h('div', {}, element.options.map((o) => h('button', {
      type: 'button', 'data-value': o.value,
      onclick: (e) => { e.target.closest('details').open = false; asked(element, env, () => env.press(element, block, o.value)); },
    }, textObject(o.text, env.names)))));
}

function acting(element, block, env) {
  if (element.type === 'button') return button(element, block, env);
  if (element.type === 'overflow') return overflow(element, block, env);
  if (element.type === 'image') return h('span', { class: 'sunknown' }, element.alt_text);
  if (!menus.has(element.type)) return h('span', { class: 'sunknown' }, `[${element.type}]`);
  return field(element, block.block_id, env, (e) => { // the node that is asked may have been drawn anew
    const value = e.currentTarget.read();
    asked(element, env, () => env.press(element, block, value));
  });
}

function piece(e, env) {
  const style = e.style ?? {};
  let node = e.text ?? '';
  if (e.type === 'link') node = h('a', { href: safeURL(e.url), target: '_blank', rel: 'noreferrer noopener' }, e.text ?? e.url);
  if (e.type === 'user') node = h('span', { class: 'mention' }, `@${env.names.get(e.user_id) ?? e.user_id}`);
  if (e.type === 'usergroup') node = h('span', { class: 'mention' }, `@${env.names.get(e.usergroup_id) ?? e.usergroup_id}`);
  if (e.type === 'channel') node = h('span', { class: 'mention' }, `#${env.names.get(e.channel_id) ?? e.channel_id}`);
  if (e.type === 'broadcast') node = h('span', { class: 'mention loud' }, `@${e.range}`);
  if (e.type === 'emoji') node = emojify(`:${e.name}:`);
  if (e.type === 'date') node = h('time', {}, moment(e.timestamp, e.format));
  for (const [key, tag] of [['code', 'code'], ['bold', 'b'], ['italic', 'i'], ['strike', 's']]) if (style[key]) node = h(tag, {}, node);
  return node;
}

const rich = {
  rich_text_section: (e, env) => h('div', {}, e.elements.map((p) => piece(p, env))),
  rich_text_quote: (e, env) => h('blockquote', {}, e.elements.map((p) => piece(p, env))),
  rich_text_preformatted: (e, env) => h('pre', {}, e.elements.map((p) => piece(p, env))),
  rich_text_list: (e, env) => h(e.style === 'ordered' ? 'ol' : 'ul', { class: 'slist' }, e.elements.map((s) => h('li', {}, s.elements.map((p) => piece(p, env))))),
};

const draw = {
  header: (b, env) => h('div', { class: 'sheader' }, textObject(b.text, env.names)),
  divider: () => h('hr'),
  section: (b, env) => h('div', { class: 'ssection' },
    h('div', { class: 'sbody' },
      b.text && h('div', { class: 'stext' }, textObject(b.text, env.names)),
      b.fields && h('div', { class: 'sfields' }, b.fields.map((f) => h('div', {}, textObject(f, env.names))))),
    b.accessory && h('div', { class: 'saccessory' }, acting(b.accessory, b, env))),
  context: (b, env) => h('div', { class: 'scontext' }, b.elements.map((e) => h('span', {}, e.type === 'image' ? '' : textObject(e, env.names)))),
  actions: (b, env) => h('div', { class: 'sactions' }, b.elements.map((e) => acting(e, b, env))),
  rich_text: (b, env) => h('div', { class: 'stext' }, b.elements.map((e) => rich[e.type]?.(e, env))),
  input: (b, env) => h(b.element.options ? 'div' : 'label', { class: 'sinput' },
    h('span', {}, textObject(b.label, env.names), b.optional && h('em', {}, ' (optional)')),
    field(b.element, b.block_id, env),
    env.errors?.[b.block_id] && h('span', { class: 'serror', role: 'alert' }, env.errors[b.block_id]),
    b.hint && h('small', {}, textObject(b.hint, env.names))),
};

export function blocks(list, env) {
  return (list ?? []).map((b) => (draw[b.type] ? draw[b.type](b, env) : h('div', { class: 'sunknown' }, `[${b.type}]`)));
}
