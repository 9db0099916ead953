// What stands under the pointer.

const REACH = 6;

function itemAt(app, x, y) {
  const { view, layout } = app;
  if (x < MARGIN || y < TOP) return null;
  const content = y - TOP + view.scroll;
  const row = layout.rows.find(r => content >= r.y && content < r.y + r.height);
  const direct = row && itemInRow(app, row, x, content);
  return direct ?? messageAt(app, x, content);
}

function itemInRow(app, row, x, y) {
  switch (row.kind) {
    case 'faults': return bandAt(app, row, x, y);
    case 'operations': return operationAt(app, row, x, y);
    case 'segments': return changeAt(app, [row.series], x);
    case 'plot': return changeAt(app, row.series, x);
    case 'lane': return markAt(app, row, x);
    default: return null;
  }
}

const track = (app, kind, isEnd = false) => app.tracks.find(t => t.kind === kind && Boolean(t.isEnd) === isEnd);

function bandAt(app, row, x, y) {
  const { view, run } = app;
  let best = null;
  eachInterval(run.bands, view.time(x - 200), view.time(x + REACH), i => {
    const top = row.y + row.slots[i] * BAND;
    const right = Math.max(view.x(run.bands.end_[i]), view.x(run.bands.begin[i]) + 100);
    if (y >= top && y < top + BAND && x >= view.x(run.bands.begin[i]) - REACH && x <= right) best = i;
  });
  return best === null ? null : itemOf(track(app, FAULT), best);
}

function operationAt(app, row, x, y) {
  const { view, run } = app;
  let best = null;
  eachInterval(run.operations, view.time(x - 3), view.time(x + 3), i => {
    const top = row.y + 2 + run.operations.slot[i] * STRIP;
    if (run.operations.lane[i] === row.lane && y >= top - 1 && y < top + STRIP) best = i;
  });
  return best === null ? null : itemOf(track(app, OPERATION), best);
}

function changeAt(app, series, x) {
  const { view } = app;
  let best = null;
  for (const one of series) {
    const k = lowerBound(one.begin, view.time(x + 3)) - 1;
    if (k >= 0 && (best === null || one.begin[k] > app.run.points.begin[best])) best = one.first + k;
  }
  return best === null ? null : itemOf(track(app, CHANGE), best);
}

function markAt(app, row, x) {
  const { view } = app;
  const own = app.marksOfLane[row.lane];
  const from = lowerBound(own.time, view.time(x - 4));
  const to = lowerBound(own.time, view.time(x + 4));
  let best = null;
  for (let k = from; k < to; k++) if (best === null || Math.abs(own.time[k] - view.time(x)) < Math.abs(own.time[best] - view.time(x))) best = k;
  return best === null ? null : itemOf(track(app, MARK), own.index[best]);
}

// The nearest arrow, where arrows or hairlines are drawn.
function messageAt(app, x, y) {
  const { view, run, filter } = app;
  if (!filter.kinds[MESSAGE] || app.tally.aggregated) return null;
  const m = run.messages;
  let best = null, least = REACH;
  eachInterval(m, view.time(x - REACH), view.time(x + REACH), i => {
    if (!showsMessage(run, filter, i)) return;
    const far = distance(x, y, ...lineOf(app, i));
    if (far < least) [best, least] = [i, far];
  });
  return best === null ? null : itemOf(track(app, MESSAGE), best);
}

function distance(x, y, x0, y0, x1, y1) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}
