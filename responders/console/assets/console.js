// Keeps the page up to date, sends its forms without leaving it, and counts ages on. Everything works without it, by reloading.
const main = document.getElementById('main');
const pulse = document.getElementById('pulse');
const toast = document.getElementById('toast');
const skewMs = Number(main.dataset.now) - Date.now();
let wanted = false;
let fetching = false;
let pressing = false;
let skipped = false;
const shown = new Map([...document.querySelectorAll('[data-live]')].map((part) => [part.id, part.innerHTML]));

function live(word, on) {
  pulse.textContent = word;
  pulse.classList.toggle('on', on);
}

const fieldsOf = (box) => [...box.querySelectorAll('input:not([type=hidden]), select')];
const touched = (field) =>
  'defaultValue' in field ? field.value !== field.defaultValue : field.selectedOptions[0]?.defaultSelected === false;

/** Puts what a person has unfolded, typed or focused into the new version of a part. */
function carryOver(before, after) {
  for (const box of before.querySelectorAll('details[id], form[id]')) {
    const twin = after.querySelector(`#${CSS.escape(box.id)}`);
    if (!twin) continue;
    if ('open' in box) twin.open = box.open;
    for (const field of fieldsOf(box).filter(touched)) {
      const same = twin.querySelector(`[name="${field.name}"]`);
      if (same) same.value = field.value;
    }
  }
  const known = new Set([...before.querySelectorAll('[data-key]')].map((node) => node.dataset.key));
  if (known.size > 0)
    for (const node of after.querySelectorAll('[data-key]'))
      if (!known.has(node.dataset.key)) node.classList.add('fresh');
}

/** Leaves alone what did not change, what someone types in, and everything while a button is held down. */
function swap(before, after) {
  const html = after.innerHTML;
  if (shown.get(before.id) === html) return;
  if (before.contains(document.activeElement?.closest('input, select'))) {
    skipped = true;
    return;
  }
  shown.set(before.id, html);
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
  if (fetching || pressing) return;
  fetching = true;
  while (wanted) {
    wanted = false;
    const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (response?.redirected) location.assign(response.url);
    if (!response?.ok) break;
    const next = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (pressing) {
      wanted = true;
      break;
    }
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
  if (response?.ok) {
    form.reset();
    form.closest('details')?.removeAttribute('open');
  }
  document.activeElement?.blur();
  await refresh();
});

document.addEventListener('focusout', () => {
  if (skipped) setTimeout(refresh);
  skipped = false;
});
document.addEventListener('pointerdown', () => {
  pressing = true;
});
for (const end of ['pointerup', 'pointercancel']) {
  document.addEventListener(end, () =>
    setTimeout(() => {
      pressing = false;
      if (wanted) void refresh();
    }),
  );
}

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
