// The inputs of Block Kit: what one types into, picks from and ticks. Each has
// read, which gives its value as a submission wants it, and write.
import { h } from './dom.js';
import { textObject } from './mrkdwn.js';

// menus are the inputs that may also stand outside of a form.
export const menus = new Set(['static_select', 'multi_static_select', 'radio_buttons', 'checkboxes', 'datepicker', 'timepicker', 'users_select']);

const kinds = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local', number_input: 'number', email_text_input: 'email', url_text_input: 'url' };

function typed(element, about) {
  const attrs = { ...about, class: 'sfield', placeholder: element.placeholder?.text, maxlength: element.max_length };
  const node = element.multiline ? h('textarea', { ...attrs, rows: 3 }) : h('input', { ...attrs, type: kinds[element.type] ?? 'text' });
  node.value = element.initial_value ?? element.initial_date ?? element.initial_time ?? '';
  node.read = () => (element.type === 'datetimepicker' ? Math.floor(new Date(node.value).getTime() / 1000) : node.value);
  node.write = (value) => { node.value = value; };
  return node;
}

function select(element, about, env) {
  const many = element.type.startsWith('multi_');
  const chosen = new Set([element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map((o) => o.value));
  const option = (o) => h('option', { value: o.value, selected: chosen.has(o.value) }, textObject(o.text, env.names));
  const people = element.type === 'users_select' && [...env.names].filter(([id]) => id.startsWith('U')).map(([id, text]) => h('option', { value: id }, text));
  const node = h('select', { ...about, class: 'sfield', multiple: many },
    !many && h('option', { value: '' }, element.placeholder?.text ?? 'Choose…'),
    people || (element.option_groups
      ? element.option_groups.map((g) => h('optgroup', { label: g.label.text }, g.options.map(option)))
      : element.options.map(option)));
  node.read = () => (many ? [...node.selectedOptions].map((o) => o.value) : node.value);
  node.write = (value) => { [...node.options].forEach((o) => { o.selected = [value].flat().includes(o.value); }); };
  return node;
}

function boxes(element, about, env) {
  const many = element.type === 'checkboxes';
  const chosen = new Set([element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map((o) => o.value));
  const name = `${about['data-block']} ${about.name}`;
  const node = h('div', { ...about, class: 'sfield sboxes', role: many ? 'group' : 'radiogroup' }, element.options.map((o) => h('label', {},
    h('input', { type: many ? 'checkbox' : 'radio', name, value: o.value, checked: chosen.has(o.value) }),
    h('span', {}, textObject(o.text, env.names), o.description && h('small', {}, textObject(o.description, env.names))))));
  const all = () => [...node.querySelectorAll('input')];
  node.read = () => { const on = all().filter((b) => b.checked).map((b) => b.value); return many ? on : (on[0] ?? ''); };
  node.write = (value) => all().forEach((b) => { b.checked = [value].flat().includes(b.value); });
  return node;
}

export function field(element, blockID, env, onchange) {
  const about = { name: element.action_id, 'data-block': blockID, onchange };
  if (element.type === 'checkboxes' || element.type === 'radio_buttons') return boxes(element, about, env);
  return element.type.endsWith('_select') ? select(element, about, env) : typed(element, about);
}

// read gives the values of all inputs below root, by block and action.
export function read(root) {
  const values = {};
  root.querySelectorAll('.sfield').forEach((f) => {
    values[f.dataset.block] = { ...values[f.dataset.block], [f.getAttribute('name')]: f.read() };
  });
  return values;
}

// write puts values back that read gave, where the same inputs are there again.
export function write(root, values) {
  root.querySelectorAll('.sfield').forEach((f) => {
    const value = values[f.dataset.block]?.[f.getAttribute('name')];
    if (value !== undefined) f.write(value);
  });
}
