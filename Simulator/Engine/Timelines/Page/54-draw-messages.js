// Messages: single arrows where few are in sight, hairlines where more are, and per machine a profile of how much it sends where
// there are too many to tell apart. The profile is there at every zoom.

const ARROWS_MAX = 900;
const HAIRLINES_MAX = 9000;
const PROFILE = 15;

function drawDensity(app, row) {
  const { context: g, view, colors } = app;
  const { time, sum } = app.densities[row.lane];
  if (time.length === 0 || !app.filter.kinds[MESSAGE]) return;
  const width = Math.floor(view.plotWidth());
  const counts = (app.columns ??= new Float64Array(4096)).subarray(0, width).fill(0);
  let most = 4;
  eachColumn(time, sum, view.t0, view.t1, width, (i, n) => {
    counts[i] = n;
    if (n > most) most = n;
  });
  g.fillStyle = colors.density;
  g.globalAlpha = 0.75;
  const base = row.y + LANE / 2 - 2;
  for (let i = 0; i < width; i++) {
    if (counts[i] === 0) continue;
    const height = Math.max(1, Math.sqrt(counts[i] / most) * PROFILE);
    g.fillRect(MARGIN + i, base - height, 1, height);
  }
  g.globalAlpha = 1;
}

// Calls back with each column of pixels that has something, and its sum of weights.
function eachColumn(time, sum, t0, t1, width, visit) {
  let at = lowerBound(time, t0);
  const end = lowerBound(time, t1, at);
  const step = (t1 - t0) / width;
  while (at < end) {
    const column = Math.min(width - 1, Math.floor((time[at] - t0) / step));
    let next = at + 1;
    const border = t0 + (column + 1) * step;
    if (next < end && time[next] < border) {
      let stride = 1; // gallop: columns hold one message or thousands
      while (next + stride < end && time[next + stride] < border) stride *= 2;
      next = Math.max(next, lowerBound(time, border, next, Math.min(end, next + stride + 1)));
    }
    visit(column, sum[next] - sum[at]);
    at = next;
  }
}

function drawMessages(app) {
  const { view, run, filter } = app;
  if (!filter.kinds[MESSAGE]) return;
  const found = [];
  let tooMany = false;
  eachInterval(run.messages, view.t0, view.t1, i => {
    if (!showsMessage(run, filter, i)) return true;
    found.push(i);
    tooMany = found.length > HAIRLINES_MAX;
    return !tooMany;
  });
  app.tally.aggregated = tooMany;
  if (tooMany) {
    drawMatches(app);
    return;
  }
  if (found.length > ARROWS_MAX) drawHairlines(app, found);
  else drawArrows(app, found);
  drawSelectedMessage(app);
}

// However many there are: what is searched for stays visible, as far as it can be told apart.
function drawMatches(app) {
  if (!app.search) return;
  const { context: g, view, run, filter, layout, colors } = app;
  const m = run.messages;
  const track = app.tracks.find(t => t.kind === MESSAGE);
  const lastX = new Float64Array(run.lanes.length).fill(-9);
  g.fillStyle = colors.accent;
  for (let i = lowerBound(m.begin, view.t0); i < m.begin.length && m.begin[i] <= view.t1; i++) {
    const x = view.x(m.begin[i]);
    if (x - lastX[m.from[i]] < 1 || !showsMessage(run, filter, i) || !app.search(track, i)) continue;
    lastX[m.from[i]] = x;
    g.fillRect(x - 0.5, layout.laneY[m.from[i]] + 4, 1, 7);
  }
}

function drawHairlines(app, found) {
  const { context: g, view, run, layout, colors } = app;
  const m = run.messages;
  app.tally.hairlines = found.length;
  g.lineWidth = 1;
  for (const wanted of [0, 1]) {
    g.globalAlpha = Math.max(0.1, Math.min(0.5, 1600 / found.length)) * (wanted ? 0.7 : 1);
    g.strokeStyle = wanted ? colors.reply : colors.message;
    g.beginPath();
    for (const i of found) {
      if (m.reply[m.label[i]] !== wanted) continue;
      g.moveTo(view.x(m.begin[i]), layout.laneY[m.from[i]]);
      g.lineTo(view.x(m.end_[i]), layout.laneY[m.to[i]]);
    }
    g.stroke();
  }
  g.globalAlpha = 1;
  drawMatches(app);
}

function drawArrows(app, found) {
  const track = app.tracks.find(t => t.kind === MESSAGE);
  app.tally.arrows = found.length;
  const room = app.view.plotWidth() / Math.max(1, found.length);
  const placed = [];
  for (const i of found) {
    const isMatch = app.search ? app.search(track, i) : false;
    drawArrow(app, i, isMatch ? app.colors.accent : arrowColor(app, i), isMatch ? 1.6 : 1.1);
    if (room > 9 || isMatch) labelArrow(app, i, placed, isMatch);
  }
}

function arrowColor(app, i) {
  const { messages: m } = app.run;
  if (m.end[i] === 2 || app.run.labels[m.label[i]] === 'Rst') return app.colors.alarm;
  return m.reply[m.label[i]] ? app.colors.reply : app.colors.message;
}

function drawArrow(app, i, color, width) {
  const { context: g, run } = app;
  const m = run.messages;
  const [x0, y0, x1, y1] = lineOf(app, i);
  g.strokeStyle = g.fillStyle = color;
  g.lineWidth = width;
  g.setLineDash(m.end[i] === 1 ? [] : [4, 3]);
  g.beginPath();
  if (m.from[i] === m.to[i]) {
    const up = y0 - 12;
    g.moveTo(x0, y0);
    g.quadraticCurveTo((x0 + x1) / 2, up, Math.max(x1, x0 + 4), y0);
  } else {
    g.moveTo(x0, y0);
    g.lineTo(x1, y1);
  }
  g.stroke();
  g.setLineDash([]);
  if (m.end[i] === 1) arrowHead(g, x0, y0, x1, y1);
  else if (m.end[i] === 2) cross(g, x1, y1);
}

// From where it was sent to where it arrived; what is under way has come some of the way, nobody knows how far.
function lineOf(app, i) {
  const { view, run, layout } = app;
  const m = run.messages;
  const [y0, y1] = [layout.laneY[m.from[i]], layout.laneY[m.to[i]]];
  return [view.x(m.begin[i]), y0, view.x(m.end_[i]), m.end[i] === 0 ? y0 + Math.sign(y1 - y0) * LANE * 0.4 : y1];
}

function arrowHead(g, x0, y0, x1, y1) {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x1 - 7 * ux - 2.6 * uy, y1 - 7 * uy + 2.6 * ux);
  g.lineTo(x1 - 7 * ux + 2.6 * uy, y1 - 7 * uy - 2.6 * ux);
  g.fill();
}

function cross(g, x, y) {
  g.beginPath();
  g.moveTo(x - 4, y - 4);
  g.lineTo(x + 4, y + 4);
  g.moveTo(x + 4, y - 4);
  g.lineTo(x - 4, y + 4);
  g.stroke();
}

// The name beside the middle of the arrow, where no other name stands.
function labelArrow(app, i, placed, isMatch) {
  const { context: g, view, run, layout, colors } = app;
  const m = run.messages;
  const text = run.labels[m.label[i]];
  const x = (Math.max(MARGIN, view.x(m.begin[i])) + Math.min(view.width, view.x(m.end_[i]))) / 2 + 6;
  const [y0, y1] = [layout.laneY[m.from[i]], layout.laneY[m.to[i]]];
  const sign = Math.sign(y1 - y0) || -1;
  const y = y0 + sign * Math.min(sign > 0 ? LANE * 0.66 : LANE / 2, Math.abs(y1 - y0) / 2 || 10);
  g.font = `11px ${colors.sans}`;
  const box = [x, y - 7, x + g.measureText(text).width + 4, y + 7];
  if (placed.some(p => box[0] < p[2] && box[2] > p[0] && box[1] < p[3] && box[3] > p[1])) return;
  placed.push(box);
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  g.globalAlpha = 0.85;
  g.fillStyle = colors.paper;
  g.fillRect(box[0] - 1, box[1], box[2] - box[0], 14);
  g.globalAlpha = 1;
  g.fillStyle = isMatch ? colors.accent : colors.soft;
  g.fillText(text, x, y);
}

function drawSelectedMessage(app) {
  if (app.selected?.track.kind !== MESSAGE) return;
  const i = indexIn(app.selected.track, app.selected.at);
  if (app.layout.laneY[app.run.messages.from[i]] < 0 || app.layout.laneY[app.run.messages.to[i]] < 0) return;
  drawArrow(app, i, app.colors.accent, 2.2);
  labelArrow(app, i, [], true);
}
