// The calls the page makes: the same contract that scripts use.

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  let value = null;
  try { value = text ? JSON.parse(text) : null; } catch { value = text; }
  if (!answer.ok) throw new Error((value && value.error) || `${method} ${path}: ${answer.status}`);
  return value;
}

const at = (...names) => `/local/codepipeline/${names.map(encodeURIComponent).join('/')}`;
const name = encodeURIComponent;

export const api = {
  health: () => fetch('/healthz').then((r) => r.json()),
  people: () => call('GET', '/local/people'),
  pipelines: () => call('GET', '/local/pipelines'),
  start: (pipeline, body) => call('POST', `${at(pipeline)}/start`, body),
  stop: (pipeline, body) => call('POST', `${at(pipeline)}/stop`, body),
  mode: (pipeline, mode) => call('POST', `${at(pipeline)}/mode`, { mode }),
  override: (pipeline, body) => call('POST', `${at(pipeline)}/override`, body),
  transition: (pipeline, stage, enabled) => call('POST', `${at(pipeline, stage)}/transition`, { enabled }),
  retry: (pipeline, stage, execution) => call('POST', `${at(pipeline, stage)}/retry`, { execution_id: execution }),
  script: (pipeline, stage, action, body) => call('POST', at(pipeline, stage, action), body),
  time: () => call('GET', '/local/time'),
  setTime: (body) => call('POST', '/local/time', body),
  delivery: () => call('GET', '/local/delivery'),
  setDelivery: (rates) => call('POST', '/local/delivery', rates),
  demo: () => call('GET', '/local/demo'),
  play: (play) => call('POST', '/local/demo', { play }),
  channels: (user) => call('GET', `/local/slack/channels?user=${name(user)}`),
  messages: (channel) => call('GET', `/local/slack/messages?channel=${name(channel)}`),
  users: () => call('GET', '/local/slack/users'),
  groups: () => call('GET', '/local/slack/usergroups'),
  home: (user) => call('GET', `/local/slack/home?user=${name(user)}`),
  visit: (user, tab) => call('POST', '/local/slack/home', { user, tab }),
  command: (body) => call('POST', '/local/slack/commands', body),
  click: (body) => call('POST', '/local/slack/actions', body),
  views: () => call('GET', '/local/slack/views'),
  submit: (id, body) => call('POST', `/local/slack/views/${name(id)}`, body),
  dismiss: (id) => call('DELETE', `/local/slack/views/${name(id)}`),
  chains: () => call('GET', '/local/audit'),
  chain: (pipeline) => call('GET', `/local/audit/${name(pipeline)}`),
  evidence: (pipeline, execution) => `/local/audit/${name(pipeline)}/${name(execution)}`,
  reconcile: () => call('POST', '/local/reconcile', {}),
  mail: () => call('GET', '/local/mail'),
};
