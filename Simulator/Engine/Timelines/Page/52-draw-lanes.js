// Machines, faults and operations.

function drawLane(app, row) {
  const { context: g, view, run, colors } = app;
  const middle = row.y + LANE / 2;
  const state = run.states[row.lane];
  g.fillStyle = colors.grid;
  g.fillRect(MARGIN, row.y + LANE - 1, view.width, 1);
  tintFaults(app, row);
  g.fillStyle = colors.down;
  g.fillRect(view.x(0), middle, view.x(run.end) - view.x(0), 1);
  for (const [from, to] of state.frozen) hatch(app, view.x(from), view.x(to), row.y + 12, LANE - 24);
  for (const [from, to] of state.up) {
    if (to < view.t0 || from > view.t1) continue;
    g.fillStyle = machineColor(app, row.lane);
    g.fillRect(view.x(from), middle - 1, Math.max(1, view.x(to) - view.x(from)), 3);
  }
  drawDensity(app, row);
  if (app.marksOfLane[row.lane].length > 0) drawMarks(app, row);
}

// A fault that names few machines colours their lanes.
function tintFaults(app, row) {
  const { context: g, view, run, colors } = app;
  g.fillStyle = colors.fault;
  g.globalAlpha = 0.13;
  eachInterval(run.bands, view.t0, view.t1, i => {
    const lanes = run.bandLanes[i];
    if (lanes.length === 0 || lanes.length > 2 || !lanes.includes(row.lane)) return;
    const x = view.x(run.bands.begin[i]);
    g.fillRect(x, row.y + 2, Math.max(1, view.x(run.bands.end_[i]) - x), LANE - 5);
  });
  g.globalAlpha = 1;
}

function hatch(app, x0, x1, y, height) {
  const { context: g, view, colors } = app;
  const [left, right] = [Math.max(x0, MARGIN), Math.min(x1, view.width)];
  if (right <= left) return;
  g.save();
  g.beginPath();
  g.rect(left, y, right - left, height);
  g.clip();
  g.strokeStyle = colors.faint;
  g.lineWidth = 1;
  g.beginPath();
  for (let x = Math.floor((left - height) / 7) * 7; x < right; x += 7) {
    g.moveTo(x, y + height);
    g.lineTo(x + height, y);
  }
  g.stroke();
  g.restore();
}

// Process events as ticks with their word, log lines as dots, with their text where there is room.
function drawMarks(app, row) {
  const { context: g, view, run, colors } = app;
  const own = app.marksOfLane[row.lane];
  const first = lowerBound(own.time, view.t0 - view.span() * 0.5);
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  let freeAbove = 0, freeBelow = 0, lastDot = -9;
  for (let k = first; k < own.length; k++) {
    const i = own.index[k];
    const x = view.x(own.time[k]);
    if (x > view.width) break;
    const kind = run.texts[run.marks.kind[i]];
    const text = run.texts[run.marks.text[i]];
    if (kind === 'log') {
      if (!app.filter.kinds.log || x - lastDot < 1.5) continue;
      lastDot = x;
      const severe = /^(Warning|Error|Critical)/.test(text);
      g.fillStyle = severe ? colors.fault : colors.faint;
      g.fillRect(x - 1, row.y + LANE - 8, 2, 4);
      const nextX = k + 1 < own.length ? view.x(own.time[k + 1]) : view.width;
      if (nextX - x < 90 || x < freeBelow) continue;
      g.font = `11px ${colors.sans}`;
      g.fillStyle = colors.soft;
      const shown = fit(g, text.replace(/^Information /, ''), Math.min(nextX - x - 12, 420));
      g.fillText(shown, x + 4, row.y + LANE - 6);
      freeBelow = x + g.measureText(shown).width + 10;
      continue;
    }
    const dies = /crash|power|exit/.test(text);
    g.fillStyle = dies ? colors.alarm : colors.ink;
    g.fillRect(x - 0.75, row.y + 9, 1.5, LANE - 18);
    if (x < freeAbove) continue;
    g.font = `11px ${colors.sans}`;
    const shown = fit(g, text, 160);
    g.fillText(shown, x + 4, row.y + 9);
    freeAbove = x + g.measureText(shown).width + 10;
  }
}

function drawFaults(app, row) {
  const { context: g, view, run, colors } = app;
  const { begin, end_, kind, text, open } = run.bands;
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  g.font = `11px ${colors.sans}`;
  const next = nextInSlot(run, row.slots);
  eachInterval(run.bands, view.t0 - view.span() * 0.2, view.t1, i => {
    const y = row.y + row.slots[i] * BAND;
    const [x0, x1] = [view.x(begin[i]), view.x(end_[i])];
    const isInstant = end_[i] === begin[i] && !open[i];
    g.fillStyle = colors.fault;
    if (isInstant) {
      g.beginPath();
      g.moveTo(x0, y + 2.5);
      g.lineTo(x0 + 4.5, y + 7);
      g.lineTo(x0, y + 11.5);
      g.lineTo(x0 - 4.5, y + 7);
      g.fill();
    } else {
      g.globalAlpha = 0.22;
      g.fillRect(x0, y + 1, Math.max(2, x1 - x0), BAND - 3);
      g.globalAlpha = 1;
      g.fillRect(x0, y + 1, 2, BAND - 3);
    }
    const from = Math.max(x0, MARGIN) + (isInstant ? 8 : 6);
    const room = Math.min(view.width, next[i] < 0 ? Infinity : view.x(begin[next[i]])) - from - 6;
    if (room < 24 || (x1 < MARGIN && !isInstant)) return;
    g.fillStyle = colors.ink;
    g.fillText(fit(g, `${run.texts[kind[i]]}  ${run.texts[text[i]]}`, Math.min(room, 520)), from, y + 7.5);
  });
}

function nextInSlot(run, slots) {
  if (slots.next) return slots.next;
  const next = new Int32Array(slots.length).fill(-1);
  const last = [];
  for (let i = 0; i < slots.length; i++) {
    if (last[slots[i]] !== undefined) next[last[slots[i]]] = i;
    last[slots[i]] = i;
  }
  slots.next = next;
  return next;
}

// Bars by outcome; what falls into a pixel that is drawn already is left out, unless it ended worse.
function drawOperations(app, row) {
  const { context: g, view, run, colors } = app;
  const o = run.operations;
  const shades = [colors.accent, colors.density, colors.fault, colors.alarm];
  const free = new Float64Array(SLOTS).fill(-1);
  const worst = new Uint8Array(SLOTS);
  eachInterval(o, view.t0, view.t1, i => {
    if (o.lane[i] !== row.lane) return;
    const slot = o.slot[i];
    const x0 = view.x(o.begin[i]);
    const x1 = Math.max(x0 + 1, view.x(o.end_[i]) - 0.5);
    const rank = o.outcome[i] === 1 ? 0 : o.outcome[i] === 0 ? 1 : o.outcome[i];
    if (x1 <= free[slot] && rank <= worst[slot]) return;
    free[slot] = x1;
    worst[slot] = rank;
    g.fillStyle = shades[o.outcome[i]];
    g.globalAlpha = o.outcome[i] === 0 ? 0.4 : 1;
    g.fillRect(x0, row.y + 2 + slot * STRIP, x1 - x0, STRIP - 1.5);
  });
  g.globalAlpha = 1;
}
