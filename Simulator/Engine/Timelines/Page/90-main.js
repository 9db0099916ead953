// Puts everything together, and tells the outside (the address, the document's data attributes) where it stands.

const MATCHES_SHOWN = 5000; // in the overview
const problems = [];
window.addEventListener('error', event => tellProblem(event.message));
window.addEventListener('unhandledrejection', event => tellProblem(String(event.reason?.stack ?? event.reason)));

function tellProblem(text) {
  problems.push(text);
  document.documentElement.dataset.problems = problems.join(' | ');
  $('status').textContent = `This page went wrong: ${text}`;
}

async function main() {
  const started = performance.now();
  const run = buildRun(await readData($('data').textContent));
  $('data').remove();
  const app = buildApp(run);
  showFailure(app);
  showFilters(app);
  showFacts(app);
  $('title').replaceChildren(document.createTextNode(run.scenario), element('small', `seed ${run.seed}`));
  bindInput(app);
  app.resize();
  startView(app);
  window.addEventListener('hashchange', () => readAddress(app));
  app.readMillis = performance.now() - started;
  app.draw();
  if (/[#&]bench/.test(location.hash)) bench(app);
}

function buildApp(run) {
  const canvas = $('canvas');
  const filter = buildFilter(run);
  const app = {
    run, filter, canvas, context: canvas.getContext('2d', { alpha: false }), scale: 1, view: buildView(run), tracks: buildTracks(run),
    selected: null, before: null, search: null, matchTimes: [], range: null, tally: { arrows: 0, hairlines: 0, aggregated: false }, frames: 0,
  };
  app.phases = [];
  app.marksOfLane = run.lanes.map(() => ({ index: [], time: [] }));
  app.logLines = 0;
  for (let i = 0; i < run.marks.begin.length; i++) {
    const kind = run.texts[run.marks.kind[i]];
    if (kind === 'phase') app.phases.push({ micros: run.marks.begin[i], name: run.texts[run.marks.text[i]] });
    if (kind === 'log') app.logLines++;
    if (run.marks.lane[i] < 0) continue;
    app.marksOfLane[run.marks.lane[i]].index.push(i);
    app.marksOfLane[run.marks.lane[i]].time.push(run.marks.begin[i]);
  }
  for (const own of app.marksOfLane) own.length = own.index.length;
  document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  app.colors = readColors();
  addDrawing(app);
  addMoves(app);
  return app;
}

function addDrawing(app) {
  const { view } = app;
  let asked = 0;
  app.arrange = () => {
    app.densities = buildDensities(app.run, app.filter);
    app.overview = null;
    app.layout = buildLayout(app.run, app.filter);
    view.contentHeight = app.layout.height;
    view.scrollTo(view.scroll);
  };
  app.resize = () => {
    const stage = $('stage');
    app.scale = window.devicePixelRatio || 1;
    view.width = Math.max(300, stage.clientWidth);
    view.height = Math.max(200, stage.clientHeight);
    app.canvas.width = Math.round(view.width * app.scale);
    app.canvas.height = Math.round(view.height * app.scale);
    app.overview = null;
    if (!app.layout) app.arrange();
    view.scrollTo(view.scroll);
    app.draw(); // at once: a canvas whose size was set is empty
  };
  app.changed = () => { asked ||= requestAnimationFrame(() => { asked = 0; app.draw(); }); };
  app.filtered = () => { app.arrange(); app.countMatches(); if (app.selected) showSelected(app); app.changed(); };
  app.draw = () => {
    const from = performance.now();
    drawFrame(app);
    if (app.range) shadeRange(app);
    app.frames++;
    app.frameMillis = performance.now() - from;
    tellStatus(app);
  };
  app.toggleTheme = theme => {
    const root = document.documentElement;
    root.dataset.theme = theme ?? (root.dataset.theme === 'dark' ? 'light' : 'dark');
    app.colors = readColors();
    app.changed();
  };
}

function shadeRange(app) {
  const { context: g, view, colors } = app;
  g.fillStyle = colors.accent;
  g.globalAlpha = 0.12;
  g.fillRect(app.range[0], OVERVIEW, app.range[1] - app.range[0], view.height);
  g.globalAlpha = 1;
}

function addMoves(app) {
  const { view, filter } = app;
  app.select = item => {
    app.before = app.selected;
    app.selected = item;
    showSelected(app);
    if (item) {
      view.reveal(timeOf(item));
      revealRow(app, item);
    }
    app.writeAddress();
    app.changed();
  };
  app.step = (direction, only = filter.shows) => {
    const from = app.selected ?? (view.t0 + view.t1) / 2;
    const item = nextItem(app.tracks, from, direction, (track, i) => only(track, i) && filter.shows(track, i));
    if (item) app.select(item);
  };
  app.find = direction => {
    if (!app.search) return;
    const from = app.selected ?? view.t0;
    const wanted = (track, i) => filter.shows(track, i) && app.search(track, i);
    const item = nextItem(app.tracks, from, direction, wanted) ?? nextItem(app.tracks, direction > 0 ? -1 : app.run.end + 1, direction, wanted);
    if (item) app.select(item);
  };
  app.setQuery = query => {
    filter.query = query;
    app.search = buildSearch(app.run, query);
    app.countMatches();
    app.writeAddress();
    app.changed();
  };
  app.countMatches = () => {
    let count = 0;
    app.matchTimes = [];
    if (app.search) for (const track of app.tracks) for (let i = 0; i < track.time.length; i++) {
      if (!app.search(track, i) || !filter.shows(track, i)) continue;
      count++;
      if (app.matchTimes.length < MATCHES_SHOWN) app.matchTimes.push(track.time[i]);
    }
    $('matches').textContent = app.search ? `${formatCount(count)} found` : '';
    app.matches = count;
  };
  app.jumpToFailure = () => {
    if (!app.run.failure) return;
    showFailureInView(app);
    app.select(itemOf(app.tracks.at(-1), 0));
  };
  app.writeAddress = () => {
    clearTimeout(app.addressTimer);
    app.addressTimer = setTimeout(() => {
      const parts = [`t=${((view.t0 + view.t1) / 2e6).toFixed(6)}`, `zoom=${+(app.run.end / view.span()).toPrecision(6)}`];
      if (filter.query) parts.push(`q=${encodeURIComponent(filter.query)}`);
      try { history.replaceState(null, '', '#' + parts.join('&')); } catch { /* a page in a frame may not have an address of its own */ }
    }, 400);
  };
}

function revealRow(app, item) {
  const said = describe(app.run, item);
  const row = said.series
    ? app.layout.rows.find(r => r.series === said.series || (Array.isArray(r.series) && r.series.includes(said.series)))
    : app.layout.rows.find(r => r.kind === 'lane' && r.lane === said.lane);
  if (!row) return;
  const { view } = app;
  if (row.y < view.scroll) view.scrollTo(row.y - 20);
  else if (row.y + row.height > view.scroll + view.height - TOP) view.scrollTo(row.y + row.height - (view.height - TOP) + 20);
}

// The failure to the right, and before it as much as led there at once: a hundred messages or so.
function showFailureInView(app) {
  const { view, run } = app;
  const { micros } = run.failure;
  const { begin } = run.messages;
  const last = lowerBound(begin, micros);
  const span = Math.min(run.end, Math.max(2000, Math.min(4e6, 1.4 * (micros - begin[Math.max(0, last - 80)] || 1e6))));
  view.show(micros - span * 0.82, span);
}

// A failing run opens at its failure.
function startView(app) {
  app.view.whole();
  showSelected(app);
  if (location.hash.length > 1) readAddress(app);
  else if (app.run.failure) {
    showFailureInView(app);
    app.select(itemOf(app.tracks.at(-1), 0));
  }
}

// #t=SECONDS&zoom=FACTOR&q=TEXT&select=failure&step=N&find=N&theme=dark&scroll=PIXELS&open=filter
function readAddress(app) {
  const asked = new URLSearchParams(location.hash.slice(1));
  const { view, run } = app;
  const number = name => (asked.has(name) && Number.isFinite(Number(asked.get(name))) ? Number(asked.get(name)) : null);
  if (asked.has('theme')) app.toggleTheme(asked.get('theme') === 'dark' ? 'dark' : 'light');
  const span = number('zoom') > 0 ? run.end / number('zoom') : view.span();
  if (asked.get('select') === 'failure' && run.failure) {
    view.center(run.failure.micros, span);
    app.select(itemOf(app.tracks.at(-1), 0));
  }
  if (number('t') !== null || number('zoom') !== null) view.center((number('t') ?? (view.t0 + view.t1) / 2e6) * 1e6, span);
  if (asked.has('q')) {
    $('query').value = asked.get('q');
    app.setQuery(asked.get('q'));
  }
  const steps = number('step') ?? 0, finds = number('find') ?? 0;
  for (let i = 0; i < Math.abs(steps); i++) app.step(Math.sign(steps));
  for (let i = 0; i < Math.abs(finds); i++) app.find(Math.sign(finds));
  if (number('scroll') !== null) view.scrollTo(number('scroll'));
  if (asked.has('open')) $(asked.get('open'))?.setAttribute('open', '');
  app.changed();
}

function tellStatus(app) {
  const { run, view, tally } = app;
  $('status').textContent = `${formatTime(Math.max(0, view.t0), view.span() / 100)} – ${formatTime(Math.min(run.end, view.t1), view.span() / 100)} · ${formatSpan(view.span())} in sight`;
  const how = !app.filter.kinds[MESSAGE] ? 'messages hidden' : tally.aggregated ? 'messages as profiles: zoom in for arrows' : tally.hairlines ? `${formatCount(tally.hairlines)} messages as hairlines` : `${formatCount(tally.arrows)} messages`;
  $('drawing').textContent = `${formatCount(run.events)} events · ${how}${run.messageStride > 1 ? ` · older messages 1 of ${run.messageStride}` : ''}`;
  const data = document.documentElement.dataset;
  data.drawn = String(app.frames);
  data.messages = String(run.messages.begin.length);
  data.operations = String(run.operations.begin.length);
  data.changes = String(run.points.begin.length);
  data.faults = String(run.bands.begin.length);
  data.arrows = String(tally.arrows);
  data.hairlines = String(tally.hairlines);
  data.matches = String(app.matches ?? 0);
  data.selected = app.selected ? describe(run, app.selected).what : '';
  data.selectedEvent = app.selected ? String(eventOf(app.selected)) : '';
  data.readMillis = app.readMillis?.toFixed(0) ?? '';
}

// Frame times over a zoom from the whole run to the failure and back, with pans between.
function bench(app) {
  const { view, run } = app;
  const times = [];
  const target = run.failure?.micros ?? run.end / 2;
  const pixel = new Uint8ClampedArray(4);
  for (let k = 0; k < 120; k++) {
    const depth = k < 60 ? k / 59 : (119 - k) / 59;
    view.center(target, run.end * 1e-5 ** depth);
    view.pan(Math.sin(k) * 120);
    const from = performance.now();
    drawFrame(app);
    pixel.set(app.context.getImageData(0, 0, 1, 1).data); // waits for the drawing
    times.push(performance.now() - from);
  }
  const from = performance.now();
  for (let k = 0; k < 200; k++) app.step(1);
  const step = (performance.now() - from) / 200;
  const sorted = times.toSorted((a, b) => a - b);
  const data = document.documentElement.dataset;
  data.frameMedian = sorted[60].toFixed(1);
  data.frameWorst = sorted[119].toFixed(1);
  data.stepMillis = step.toFixed(2);
  tellStatus(app);
  $('drawing').textContent += ` · frame ${data.frameMedian} ms, worst ${data.frameWorst} ms`;
}

main();
