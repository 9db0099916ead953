// Values over time: texts as labelled segments, numbers as steps. A plot's scale is that of what is in sight.

function drawSegments(app, row) {
  const { context: g, view, run, colors } = app;
  const { series } = row;
  const first = Math.max(0, lowerBound(series.begin, view.t0 + 1e-9) - 1);
  g.font = `11.5px ${colors.sans}`;
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  let lastRight = -1;
  for (let k = first; k < series.points; k++) {
    const x0 = Math.max(MARGIN, view.x(series.begin[k]));
    if (x0 > view.width) break;
    const x1 = Math.min(view.width, view.x(k + 1 < series.points ? series.begin[k + 1] : run.end));
    if (x1 <= lastRight || x1 < MARGIN) continue;
    lastRight = Math.max(lastRight, Math.ceil(x1));
    const text = pointText(run, series, series.first + k);
    if (text === null) continue;
    g.fillStyle = segmentColor(app, series, text);
    g.globalAlpha = 0.2;
    g.fillRect(x0, row.y + 2, Math.max(1, x1 - x0), SEGMENTS - 4);
    g.globalAlpha = 1;
    g.fillRect(x0, row.y + 2, 1.5, SEGMENTS - 4);
    const shown = fit(g, text, x1 - x0 - 8);
    g.fillStyle = colors.ink;
    if (shown) g.fillText(shown, x0 + 5, row.y + SEGMENTS / 2 + 0.5);
  }
}

// One value one colour within a series; a machine's own series take the machine's.
function segmentColor(app, series, text) {
  if (series.lane >= 0) return /^leader/.test(text) ? machineColor(app, series.lane) : app.colors.faint;
  series.hues ??= new Map();
  const key = text.split(' · ')[0];
  if (!series.hues.has(key)) series.hues.set(key, series.hues.size);
  return app.colors.machines[series.hues.get(key) % app.colors.machines.length];
}

function drawPlot(app, row) {
  const { context: g, view, run, colors } = app;
  const values = run.points.value;
  let low = Infinity, high = -Infinity;
  const spans = row.series.map(series => {
    const first = Math.max(0, lowerBound(series.begin, view.t0) - 1);
    const last = lowerBound(series.begin, view.t1);
    for (let k = first; k < last; k++) {
      if (run.points.gap[series.first + k]) continue;
      const value = values[series.first + k];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [series, first, last];
  });
  row.range = low <= high ? [low, high] : null;
  g.fillStyle = colors.grid;
  g.fillRect(MARGIN, row.y + row.height - 3, view.width, 1);
  if (!row.range) return;
  const height = row.height - 12;
  const y = value => row.y + 5 + height - (high === low ? 0.5 : (value - low) / (high - low)) * height;
  for (const [series, first, last] of spans) drawSteps(app, series, first, last, y);
}

function drawSteps(app, series, first, last, y) {
  const { context: g, view, run } = app;
  const gap = run.points.gap, values = run.points.value;
  g.strokeStyle = machineColor(app, Math.max(0, series.lane));
  g.lineWidth = 1.4;
  g.beginPath();
  let isDown = false, lastX = -9, lastY = 0;
  for (let k = first; k < last; k++) {
    const point = series.first + k;
    const x = Math.max(MARGIN - 2, view.x(series.begin[k]));
    if (isDown) g.lineTo(x, lastY);
    if (gap[point]) {
      isDown = false;
      continue;
    }
    // Of the points within one pixel the last counts.
    if (isDown && x - lastX < 0.5 && k + 1 < last && !gap[point + 1] && view.x(series.begin[k + 1]) - x < 0.5) {
      lastY = y(values[point]);
      continue;
    }
    lastY = y(values[point]);
    if (isDown) g.lineTo(x, lastY); else g.moveTo(x, lastY);
    isDown = true;
    lastX = x;
  }
  if (isDown) g.lineTo(Math.min(view.width, view.x(run.end)), lastY);
  g.stroke();
}
