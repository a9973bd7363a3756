// Slack's mrkdwn as elements, the way a client shows it.
import { h, link } from './dom.js';
import { now } from './time.js';

const emoji = {
  white_check_mark: '✅', x: '❌', no_entry: '⛔', no_entry_sign: '🚫', hourglass_flowing_sand: '⏳', hourglass: '⌛', warning: '⚠️',
  rocket: '🚀', lock: '🔒', eyes: '👀', vertical_traffic_light: '🚦', traffic_light: '🚥', red_circle: '🔴', large_green_circle: '🟢',
  large_yellow_circle: '🟡', large_blue_circle: '🔵', white_circle: '⚪', stop_sign: '🛑', octagonal_sign: '🛑', package: '📦', memo: '📝',
  bust_in_silhouette: '👤', busts_in_silhouette: '👥', alarm_clock: '⏰', stopwatch: '⏱️', link: '🔗', speech_balloon: '💬',
  heavy_check_mark: '✔️', wastebasket: '🗑️', arrows_counterclockwise: '🔄', information_source: 'ℹ️', black_square_for_stop: '⏹️', ghost: '👻', bell: '🔔', calendar: '📅', snowflake: '❄️', rotating_light: '🚨',
  inbox_tray: '📥', raised_hand: '✋', key: '🔑', closed_lock_with_key: '🔐', arrow_right: '➡️', tada: '🎉', house: '🏠', ballot_box_with_check: '☑️',
};

const unescape = (s) => s.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
export const emojify = (s) => s.replace(/:([a-z0-9_+-]+):/g, (all, key) => emoji[key] ?? all);

function date(spec) {
  const [, unix, format] = spec.split('^');
  return moment(unix, format);
}

// moment is a time, in seconds since 1970, in one of Slack's formats.
export function moment(unix, format) {
  const when = new Date(Number(unix) * 1000);
  const day = (options) => when.toLocaleDateString([], options);
  const parts = {
    date_num: () => when.toISOString().slice(0, 10), date: () => day({ dateStyle: 'long' }), date_short: () => day({ dateStyle: 'medium' }),
    date_long: () => day({ dateStyle: 'full' }), date_pretty: () => day({ dateStyle: 'long' }), date_short_pretty: () => day({ dateStyle: 'medium' }),
    date_long_pretty: () => day({ dateStyle: 'full' }), time: () => clockTime(when, false), time_secs: () => clockTime(when, true),
    ago: () => ago(when),
  };
  return format.replace(/\{(\w+)\}/g, (all, key) => (parts[key] ? parts[key]() : all));
}

// ago is how long a moment is past, as Slack says it, by the pipelines' time.
function ago(when) {
  const minutes = Math.round((now() - when) / 60000);
  const [n, unit] = Math.abs(minutes) < 60 ? [minutes, 'minute'] : Math.abs(minutes) < 2880 ? [Math.round(minutes / 60), 'hour'] : [Math.round(minutes / 1440), 'day'];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-n, unit);
}

const clockTime = (when, seconds) => when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: seconds ? '2-digit' : undefined });

function angle(body, names) {
  const [target, label] = body.split('|');
  if (target.startsWith('!date^')) return h('time', {}, date(target));
  if (target.startsWith('@')) return h('span', { class: 'mention' }, `@${names.get(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith('#')) return h('span', { class: 'mention' }, `#${names.get(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith('!subteam^')) return h('span', { class: 'mention' }, `@${names.get(target.split('^')[1]) ?? label ?? 'group'}`);
  if (target.startsWith('!')) return h('span', { class: 'mention loud' }, `@${target.slice(1).split('^')[0]}`);
  return link(unescape(target), unescape(label ?? target));
}

const marks = [
  [/```([\s\S]+?)```/, (m) => h('pre', {}, unescape(m[1].replace(/^\n/, '')))],
  [/`([^`\n]+)`/, (m) => h('code', {}, unescape(m[1]))],
  [/<([^<>\n]+)>/, (m, names) => angle(m[1], names)],
  [/(?<![\w*])\*([^*\n]+)\*(?!\w)/, (m, names) => h('b', {}, inline(m[1], names))],
  [/(?<!\w)_([^_\n]+)_(?!\w)/, (m, names) => h('i', {}, inline(m[1], names))],
  [/(?<!\w)~([^~\n]+)~(?!\w)/, (m, names) => h('s', {}, inline(m[1], names))],
];

function inline(text, names) {
  let first = null;
  for (const [pattern, make] of marks) {
    const m = pattern.exec(text);
    if (m && (!first || m.index < first.m.index)) first = { m, make };
  }
  if (!first) return [emojify(unescape(text))];
  const { m, make } = first;
  return [...inline(text.slice(0, m.index), names), make(m, names), ...inline(text.slice(m.index + m[0].length), names)];
}

// mrkdwn turns one text object's text into nodes, line by line.
export function mrkdwn(text, names) {
  const nodes = [];
  text.split(/(```[\s\S]*?```)/).forEach((part) => {
    if (part.startsWith('```')) { nodes.push(...inline(part, names)); return; }
    part.split('\n').forEach((line, i) => {
      if (i > 0 && nodes.at(-1)?.nodeName !== 'BLOCKQUOTE') nodes.push(h('br'));
      if (line.startsWith('&gt; ') || line.startsWith('> ')) nodes.push(h('blockquote', {}, inline(line.replace(/^(&gt;|>) /, ''), names)));
      else nodes.push(...inline(line, names));
    });
  });
  return nodes;
}

export function textObject(object, names) {
  if (!object) return [];
  return object.type === 'mrkdwn' ? mrkdwn(object.text, names) : [emojify(object.text)];
}
