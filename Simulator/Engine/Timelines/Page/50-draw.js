// One frame: backgrounds, rows, messages, what is above them.

function readColors() {
  const style = getComputedStyle(document.documentElement);
  const color = name => style.getPropertyValue('--' + name).trim();
  const colors = {};
  for (const name of ['paper', 'panel', 'ink', 'soft', 'faint', 'rule', 'grid', 'accent', 'alarm', 'fault', 'good', 'down', 'message', 'reply', 'density']) colors[name] = color(name);
  colors.machines = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(i => color('m' + i));
  colors.sans = color('sans');
  colors.mono = color('mono');
  return colors;
}

function drawFrame(app) {
  const { context: g, view, layout, colors } = app;
  g.setTransform(app.scale, 0, 0, app.scale, 0, 0);
  g.fillStyle = colors.paper;
  g.fillRect(0, 0, view.width, view.height);
  app.tally = { arrows: 0, hairlines: 0, aggregated: false };
  g.save();
  g.beginPath();
  g.rect(0, TOP, view.width, view.height - TOP);
  g.clip();
  g.translate(0, TOP - view.scroll);
  drawGrid(app);
  for (const row of layout.rows) if (isInSight(view, row)) drawRow(app, row);
  clipPlot(app, () => drawMessages(app));
  for (const row of layout.rows) if (isInSight(view, row)) drawName(app, row);
  g.restore();
  drawAxis(app);
  drawOverview(app);
  drawMarkers(app);
}

const isInSight = (view, row) => row.y + row.height >= view.scroll && row.y <= view.scroll + view.height;

function clipPlot(app, draw) {
  const { context: g, view } = app;
  g.save();
  g.beginPath();
  g.rect(MARGIN, view.scroll, view.width - MARGIN, view.height);
  g.clip();
  draw();
  g.restore();
}

function drawGrid(app) {
  const { context: g, view, colors } = app;
  const step = tickStep(view, 110);
  g.fillStyle = colors.grid;
  for (let t = Math.ceil(Math.max(0, view.t0) / step) * step; t <= view.t1; t += step) g.fillRect(Math.round(view.x(t)), view.scroll, 1, view.height);
}

function drawRow(app, row) {
  clipPlot(app, () => {
    switch (row.kind) {
      case 'faults': drawFaults(app, row); break;
      case 'lane': drawLane(app, row); break;
      case 'operations': drawOperations(app, row); break;
      case 'segments': drawSegments(app, row); break;
      case 'plot': drawPlot(app, row); break;
      default: break;
    }
  });
}

function drawName(app, row) {
  const { context: g, view, colors } = app;
  if (row.kind === 'operations') return;
  g.fillStyle = colors.paper;
  g.fillRect(0, row.y, MARGIN - 6, row.height);
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  if (row.kind === 'group') {
    g.fillStyle = colors.rule;
    g.fillRect(12, row.y, view.width - 12, 1);
    g.font = `600 12px ${colors.sans}`;
    g.fillStyle = colors.ink;
    g.fillText(`${row.shown ? '▾' : '▸'} ${row.name}`, 12, row.y + 11);
    return;
  }
  const isLane = row.kind === 'lane';
  g.font = `${isLane ? '600 12.5px' : '12px'} ${colors.sans}`;
  g.fillStyle = isLane ? colors.ink : colors.soft;
  const left = isLane ? 26 : row.kind === 'faults' ? 12 : 26;
  const middle = row.kind === 'faults' ? row.y + BAND / 2 : row.kind === 'plot' ? row.y + 14 : row.y + row.height / 2;
  g.fillText(fit(g, row.name, MARGIN - left - 12), left, middle);
  if (isLane) {
    g.fillStyle = machineColor(app, row.lane);
    g.fillRect(12, middle - 4, 8, 8);
  }
  if (row.kind === 'plot' && row.range) {
    g.font = `11px ${colors.sans}`;
    g.fillStyle = colors.faint;
    g.textAlign = 'right';
    g.fillText(formatCount(row.range[1]), MARGIN - 10, row.y + 9);
    g.fillText(formatCount(row.range[0]), MARGIN - 10, row.y + row.height - 9);
  }
}

const machineColor = (app, lane) => app.colors.machines[lane % app.colors.machines.length];

function fit(g, text, width) {
  if (width < 12) return '';
  if (g.measureText(text).width <= width) return text;
  let low = 0, high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (g.measureText(text.slice(0, middle) + '…').width <= width) low = middle; else high = middle - 1;
  }
  return low === 0 ? '' : text.slice(0, low) + '…';
}

function drawAxis(app) {
  const { context: g, view, colors } = app;
  g.fillStyle = colors.paper;
  g.fillRect(0, 0, view.width, TOP);
  const step = tickStep(view, 110);
  g.font = `11.5px ${colors.sans}`;
  g.textBaseline = 'middle';
  g.textAlign = 'center';
  for (let t = Math.ceil(Math.max(0, view.t0) / step) * step; t <= view.t1; t += step) {
    const x = view.x(t);
    if (x < MARGIN) continue;
    g.fillStyle = colors.soft;
    g.fillText(formatTime(t, step), x, OVERVIEW + 13);
    g.fillStyle = colors.rule;
    g.fillRect(Math.round(x), TOP - 5, 1, 5);
  }
  g.fillStyle = colors.paper;
  g.fillRect(0, OVERVIEW, MARGIN - 30, AXIS);
  g.fillStyle = colors.soft;
  g.textAlign = 'left';
  g.fillText('virtual time', 12, OVERVIEW + 13);
  g.fillStyle = colors.rule;
  g.fillRect(0, TOP - 1, view.width, 1);
}

// The whole run in a strip: how much was sent, the phases, the faults, and the window in sight.
function drawOverview(app) {
  const { context: g, view, run, colors } = app;
  const width = view.plotWidth();
  const x = micros => MARGIN + micros / run.end * width;
  const bottom = OVERVIEW - 4;
  app.overview ??= overviewCounts(app, Math.max(1, Math.floor(width)));
  g.fillStyle = colors.density;
  const most = Math.max(1, ...app.overview);
  app.overview.forEach((n, i) => {
    if (n === 0) return;
    const height = Math.max(1, Math.sqrt(n / most) * 16);
    g.fillRect(MARGIN + i, bottom - height, 1, height);
  });
  g.fillStyle = colors.fault;
  for (let i = 0; i < run.bands.begin.length; i++) g.fillRect(x(run.bands.begin[i]), bottom + 1, Math.max(1, (run.bands.end_[i] - run.bands.begin[i]) / run.end * width), 2);
  g.font = `11px ${colors.sans}`;
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  let free = 0;
  for (const { micros, name } of app.phases) {
    const at = x(micros);
    g.fillStyle = colors.faint;
    g.fillRect(at, 3, 1, bottom - 3);
    if (at < free) continue;
    g.fillStyle = colors.soft;
    g.fillText(name, at + 4, 9);
    free = at + g.measureText(name).width + 10;
  }
  g.fillStyle = colors.soft;
  g.fillText(`whole run, ${formatSpan(run.end)}`, 12, 20);
  const [left, right] = [x(Math.max(0, view.t0)), x(Math.min(run.end, view.t1))];
  g.strokeStyle = colors.accent;
  g.lineWidth = 1;
  g.strokeRect(Math.round(left) + 0.5, 1.5, Math.max(3, Math.round(right - left)), OVERVIEW - 3);
  g.globalAlpha = 0.08;
  g.fillStyle = colors.accent;
  g.fillRect(left, 1, Math.max(3, right - left), OVERVIEW - 3);
  g.globalAlpha = 1;
  g.fillStyle = colors.accent;
  for (const micros of app.matchTimes) g.fillRect(x(micros), bottom - 20, 1, 5);
  if (run.failure) {
    g.fillStyle = colors.alarm;
    g.fillRect(x(run.failure.micros) - 1, 1, 2, OVERVIEW - 2);
  }
}

function overviewCounts(app, width) {
  const counts = new Float64Array(width);
  for (const { time, sum } of app.densities) eachColumn(time, sum, 0, app.run.end, width, (i, n) => { counts[i] += n; });
  return counts;
}

// What happens at one instant, over everything: phases, failure, the selected item.
function drawMarkers(app) {
  const { context: g, view, run, colors } = app;
  g.save();
  g.beginPath();
  g.rect(MARGIN, OVERVIEW, view.width - MARGIN, view.height);
  g.clip();
  for (const { micros } of app.phases) {
    const x = Math.round(view.x(micros));
    if (x < MARGIN || x > view.width) continue;
    g.fillStyle = colors.faint;
    for (let y = TOP; y < view.height; y += 6) g.fillRect(x, y, 1, 2);
  }
  if (run.failure) {
    const x = Math.round(view.x(run.failure.micros));
    g.fillStyle = colors.alarm;
    g.fillRect(x - 1, OVERVIEW, 2, view.height);
    flag(app, x, OVERVIEW + 13, run.failure.property, colors.alarm, true);
  }
  if (app.selected) {
    const x = Math.round(view.x(timeOf(app.selected)));
    g.fillStyle = colors.accent;
    g.fillRect(x, TOP, 1, view.height);
    g.beginPath();
    g.moveTo(x - 4.5, TOP - 7);
    g.lineTo(x + 5.5, TOP - 7);
    g.lineTo(x + 0.5, TOP);
    g.fill();
  }
  g.restore();
}

function flag(app, x, y, text, color, solid = false) {
  const { context: g, view, colors } = app;
  g.font = `${solid ? '600 ' : ''}11.5px ${colors.sans}`;
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  const width = g.measureText(text).width;
  const left = x + width + 12 > view.width ? x - width - 11 : x + 1;
  g.fillStyle = solid ? color : colors.paper;
  g.fillRect(left, y - 8, width + 10, 16);
  g.fillStyle = solid ? colors.paper : color;
  g.fillText(text, left + 5, y + 0.5);
}
