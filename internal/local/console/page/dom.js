// Small means to build elements. Text is always set as text, never as HTML.

export function h(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  node.handlers = {};
  for (const [key, value] of Object.entries(attrs)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node[key] = node.handlers[key] = value;
    else if (key === 'class') node.className = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

// fill makes children the content of an element. What is there already stays
// the same element, so that a click, the focus and an open list survive when
// the world changes under somebody's fingers.
export function fill(id, ...children) {
  const fresh = document.createElement('div');
  fresh.append(...children.flat().filter(Boolean));
  morph(document.getElementById(id), fresh);
}

// replace is fill without keeping anything.
export function replace(id, ...children) {
  document.getElementById(id).replaceChildren(...children.flat().filter(Boolean));
}

function morph(old, fresh) {
  const wanted = [...fresh.childNodes];
  wanted.forEach((next, i) => {
    const have = old.childNodes[i];
    if (!have) old.append(next);
    else if (!alike(have, next)) have.replaceWith(next);
    else update(have, next);
  });
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
}

function update(have, next) {
  if (next.nodeType !== Node.ELEMENT_NODE) {
    if (have.nodeValue !== next.nodeValue) have.nodeValue = next.nodeValue;
    return;
  }
  dress(have, next);
  if (!next.dataset.since) morph(have, next); // what counts the time is rewritten by itself
}

const alike = (a, b) => a.nodeName === b.nodeName && a.dataset?.key === b.dataset?.key;

// dress gives an element the attributes and handlers of another. What somebody
// types or drags stays as it is.
function dress(have, next) {
  for (const { name } of [...have.attributes]) if (!next.hasAttribute(name)) have.removeAttribute(name);
  for (const { name, value } of next.attributes) if (have.getAttribute(name) !== value) have.setAttribute(name, value);
  for (const key of Object.keys(have.handlers ?? {})) have[key] = null;
  Object.assign(have, next.handlers);
  have.handlers = next.handlers;
  if (have.nodeName === 'OPTION') have.selected = next.hasAttribute('selected');
}

// safeURL lets only web links through: what a message carries is not ours.
export function safeURL(url) {
  try {
    const parsed = new URL(url, location.href);
    return ['http:', 'https:'].includes(parsed.protocol) ? parsed.href : undefined;
  } catch {
    return undefined;
  }
}

export function link(url, ...text) {
  const href = safeURL(url);
  return href ? h('a', { href, target: '_blank', rel: 'noreferrer noopener' }, ...text) : h('span', {}, ...text);
}

let hide;
export function toast(text, bad = false) {
  const node = document.getElementById('toast');
  node.textContent = text;
  node.className = bad ? 'toast bad' : 'toast';
  node.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => { node.hidden = true; }, 5000);
}

export const guard = (work) => async (...args) => {
  try { return await work(...args); } catch (err) { toast(err.message, true); return undefined; }
};

export function clock(when) {
  return new Date(when).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
