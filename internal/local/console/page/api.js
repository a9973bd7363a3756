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

const name = encodeURIComponent;

export const api = {
  health: () => fetch('/healthz').then((r) => r.json()),
  people: () => call('GET', '/local/people'),
  pipelines: () => call('GET', '/local/pipelines'),
  start: (pipeline, body) => call('POST', `/local/codepipeline/${name(pipeline)}/start`, body),
  stop: (pipeline, body) => call('POST', `/local/codepipeline/${name(pipeline)}/stop`, body),
  script: (pipeline, stage, action, body) => call('POST', `/local/codepipeline/${name(pipeline)}/${name(stage)}/${name(action)}`, body),
  channels: () => call('GET', '/local/slack/channels'),
  messages: (channel) => call('GET', `/local/slack/messages?channel=${name(channel)}`),
  users: () => call('GET', '/local/slack/users'),
  click: (body) => call('POST', '/local/slack/actions', body),
  views: () => call('GET', '/local/slack/views'),
  submit: (id, body) => call('POST', `/local/slack/views/${name(id)}`, body),
  dismiss: (id) => call('DELETE', `/local/slack/views/${name(id)}`),
  mail: () => call('GET', '/local/mail'),
};
