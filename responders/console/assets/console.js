// Keeps the page up to date, sends its forms without leaving it, and counts ages on. Everything works without it, by reloading.
const main = document.getElementById('main');
const pulse = document.getElementById('pulse');
const toast = document.getElementById('toast');
const skewMs = Number(main.dataset.now) - Date.now();
let wanted = false;
let fetching = false;

function live(word, on) {
  pulse.textContent = word;
  pulse.classList.toggle('on', on);
}

/** Puts what a person has unfolded, typed or focused into the new version of a part. */
function carryOver(before, after) {
  for (const open of before.querySelectorAll('details[id]')) {
    const twin = after.querySelector(`#${CSS.escape(open.id)}`);
    if (!twin) continue;
    twin.open = open.open;
    if (!open.open) continue;
    for (const field of open.querySelectorAll('input:not([type=hidden]), select')) {
      const same = twin.querySelector(`[name="${field.name}"]`);
      if (same) same.value = field.value;
    }
  }
  for (const form of before.querySelectorAll('form')) {
    const twin = form.id && after.querySelector(`#${CSS.escape(form.id)}`);
    if (twin)
      for (const field of form.querySelectorAll('input:not([type=hidden]), select'))
        if (field.name in twin.elements) twin.elements[field.name].value = field.value;
  }
  const known = new Set([...before.querySelectorAll('[data-key]')].map((node) => node.dataset.key));
  if (known.size > 0)
    for (const node of after.querySelectorAll('[data-key]'))
      if (!known.has(node.dataset.key)) node.classList.add('fresh');
}

function swap(before, after) {
  if (before.innerHTML === after.innerHTML || before.contains(document.activeElement?.closest('input, select'))) return;
  const focused = before.contains(document.activeElement) ? document.activeElement.id : '';
  const scrolls = [...before.querySelectorAll('[data-stick]')].map((box) => [
    box.scrollTop,
    box.scrollHeight - box.scrollTop - box.clientHeight < 24,
  ]);
  carryOver(before, after);
  before.replaceChildren(...after.childNodes);
  before.className = after.className;
  [...before.querySelectorAll('[data-stick]')].forEach((box, index) => {
    const [top, atEnd] = scrolls[index] ?? [0, true];
    box.scrollTop = atEnd ? box.scrollHeight : top;
  });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

async function refresh() {
  wanted = true;
  if (fetching) return;
  fetching = true;
  while (wanted) {
    wanted = false;
    const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (response?.redirected) location.assign(response.url);
    if (!response?.ok) break;
    const next = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-live]')) {
      const twin = next.getElementById(part.id);
      if (twin) swap(part, twin);
    }
  }
  fetching = false;
}

function say(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => {
    toast.hidden = true;
  }, 8_000);
}

document.addEventListener('submit', async (event) => {
  const form = event.target.closest('form[data-send]');
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  const response = await fetch(form.action, {
    method: 'POST',
    body: new URLSearchParams(new FormData(form)),
    headers: { accept: 'application/json' },
  }).catch(() => undefined);
  const answer = await response?.json().catch(() => undefined);
  say(answer?.text ?? 'The console did not answer. Nothing may have been done; look before you try again.');
  if (button) button.disabled = false;
  form.closest('details')?.removeAttribute('open');
  document.activeElement?.blur();
  await refresh();
});

setInterval(() => {
  for (const time of document.querySelectorAll('[data-since]')) {
    const seconds = Math.max(0, (Date.now() + skewMs - Number(time.dataset.since)) / 1_000);
    const minutes = Math.round(seconds / 60);
    time.textContent =
      seconds < 60
        ? `${Math.floor(seconds)} s`
        : minutes < 60
          ? `${minutes} min`
          : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }
}, 1_000);

for (const box of document.querySelectorAll('[data-stick]')) box.scrollTop = box.scrollHeight;
const events = new EventSource('/events');
events.addEventListener('open', () => live('live', true));
events.addEventListener('error', () => live('connection lost, trying again', false));
events.addEventListener('revision', refresh);
