// Small means to build elements. Text is always set as text, never as HTML.

export function h(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attrs)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'class') node.className = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

export function fill(id, ...children) {
  document.getElementById(id).replaceChildren(...children.flat().filter(Boolean));
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

export function ago(when) {
  if (!when) return '';
  const s = Math.max(0, Math.round((Date.now() - new Date(when)) / 1000));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${s % 60}s`;
  return `${Math.floor(s / 3600)}h ${Math.floor((s % 3600) / 60)}m`;
}

export function clock(when) {
  return new Date(when).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
