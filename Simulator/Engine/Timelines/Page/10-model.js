// The run as the page uses it: typed columns for what is many, objects for what is few.

const MARK = 'mark', FAULT = 'fault', OPERATION = 'operation', CHANGE = 'change', MESSAGE = 'message', FAILURE = 'failure';
const OUTCOMES = ['pending', 'ok', 'fail', 'info'];
const ENDS = ['under way', 'arrived', 'lost'];

function buildRun({ header, columns }) {
  const part = name => {
    const found = {};
    for (const key of Object.keys(columns)) if (key.startsWith(name + '.')) found[key.slice(name.length + 1)] = columns[key];
    return found;
  };
  const run = {
    ...header,
    end: Math.max(1, header.endMicros),
    messages: part('message'), marks: part('mark'), bands: part('band'), operations: part('operation'), points: part('point'),
  };
  for (const kind of ['messages', 'bands', 'operations']) {
    const { begin, duration } = run[kind];
    run[kind].end_ = begin.map((b, i) => b + duration[i]);
    run[kind].blocks = blockEnds(run[kind].end_);
  }
  run.messages.reply = Uint8Array.from(run.labels, l => (/repl|^Fin$|^accepted$/.test(l) ? 1 : 0));
  addSeries(run);
  addMachineStates(run);
  addSlots(run);
  return run;
}

// Of each block of 256 intervals the latest end: what has ended before a view begins is skipped block by block.
const BLOCK = 256;

function blockEnds(ends) {
  const blocks = new Float64Array(Math.ceil(ends.length / BLOCK));
  for (let i = 0; i < ends.length; i++) if (ends[i] > blocks[i >> 8]) blocks[i >> 8] = ends[i];
  return blocks;
}

// Calls back for each interval that touches [t0, t1], in order of begin; a callback that returns false ends it.
function eachInterval(part, t0, t1, visit) {
  const { begin, end_, blocks } = part;
  for (let block = 0; block < blocks.length; block++) {
    const first = block * BLOCK;
    if (begin[first] > t1) return;
    if (blocks[block] < t0) continue;
    const last = Math.min(first + BLOCK, begin.length);
    for (let i = first; i < last; i++) {
      if (begin[i] > t1) return;
      if (end_[i] >= t0 && visit(i) === false) return;
    }
  }
}

function lowerBound(values, wanted, low = 0, high = values.length) {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < wanted) low = middle + 1; else high = middle;
  }
  return low;
}

function addSeries(run) {
  let at = 0;
  run.seriesOfPoint = new Int32Array(run.points.begin.length);
  run.series.forEach((series, i) => {
    series.first = at;
    series.last = at + series.points;
    series.begin = run.points.begin.subarray(at, series.last);
    series.name = series.lane < 0 ? series.row : `${series.row} ${run.lanes[series.lane]}`;
    run.seriesOfPoint.fill(i, at, series.last);
    at = series.last;
  });
}

// What a series says at an instant; null before its first point and in gaps.
function valueAt(run, series, micros) {
  const i = lowerBound(series.begin, micros + 1) - 1;
  return i < 0 ? null : pointText(run, series, series.first + i);
}

function pointText(run, series, point) {
  if (run.points.gap[point]) return null;
  return series.isText ? run.texts[run.points.value[point]] : String(run.points.value[point]);
}

// Of each machine: when a process ran, and when it was frozen.
function addMachineStates(run) {
  run.states = run.lanes.map(() => ({ up: [], frozen: [], power: [] }));
  const { begin, lane, kind, text, until } = run.marks;
  const since = run.lanes.map(() => -1);
  for (let i = 0; i < begin.length; i++) {
    if (lane[i] < 0) continue;
    const state = run.states[lane[i]];
    const what = run.texts[text[i]];
    if (run.texts[kind[i]] === 'process') {
      if (what === 'start') since[lane[i]] = begin[i];
      else if (since[lane[i]] >= 0) {
        state.up.push([since[lane[i]], begin[i]]);
        since[lane[i]] = -1;
      }
    } else if (run.texts[kind[i]] === 'freeze') {
      const open = state.frozen.at(-1);
      if (open && open[1] > begin[i]) open[1] = begin[i];
      if (what === 'frozen') state.frozen.push([begin[i], Math.min(until[i], run.end)]);
    }
  }
  since.forEach((from, i) => { if (from >= 0) run.states[i].up.push([from, run.end]); });
}

// Operations of a client that overlap are drawn below one another.
const SLOTS = 8;

function addSlots(run) {
  const { begin, end_, lane } = run.operations;
  const free = run.lanes.map(() => new Float64Array(SLOTS));
  run.operations.slot = new Uint8Array(begin.length);
  run.slotsOf = run.lanes.map(() => 0);
  for (let i = 0; i < begin.length; i++) {
    const ends = free[lane[i]];
    let best = 0;
    for (let s = 0; s < SLOTS; s++) {
      if (ends[s] <= begin[i]) { best = s; break; }
      if (ends[s] < ends[best]) best = s;
    }
    ends[best] = Math.max(ends[best], end_[i]);
    run.operations.slot[i] = best;
    run.slotsOf[lane[i]] = Math.max(run.slotsOf[lane[i]], best + 1);
  }
}
