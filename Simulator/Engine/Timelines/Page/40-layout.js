// Where things stand: the margin with names, and rows from top to bottom. x is of the view, y of the whole content.

const MARGIN = 168;
const OVERVIEW = 40;
const AXIS = 26;
const TOP = OVERVIEW + AXIS;
const LANE = 46;
const BAND = 15;
const STRIP = 5;
const SEGMENTS = 19;
const PLOT = 58;
const GAP = 12;

function buildLayout(run, filter) {
  const rows = [];
  let y = GAP / 2;
  const add = (row, height) => {
    rows.push({ ...row, y, height });
    y += height;
  };
  if (filter.kinds[FAULT] && run.bands.begin.length > 0) {
    const { slots, count } = packBands(run);
    add({ kind: 'faults', name: 'faults', slots }, count * BAND + 4);
    y += GAP;
  }
  run.lanes.forEach((name, lane) => {
    if (!filter.lanes[lane]) return;
    add({ kind: 'lane', name, lane }, LANE);
    if (filter.kinds[OPERATION] && run.slotsOf[lane] > 0) add({ kind: 'operations', name: '', lane }, run.slotsOf[lane] * STRIP + 4);
  });
  if (filter.kinds[CHANGE]) y = addSeriesRows(run, filter, add, () => y, d => { y += d; });
  const laneY = new Float64Array(run.lanes.length).fill(-1);
  for (const row of rows) if (row.kind === 'lane') laneY[row.lane] = row.y + LANE / 2;
  return { rows, laneY, height: y + GAP };
}

function addSeriesRows(run, filter, add, at, skip) {
  for (const [group, shown] of filter.groups) {
    skip(GAP);
    add({ kind: 'group', name: group, group, shown }, 20);
    if (!shown) continue;
    const ofGroup = run.series.filter(s => s.group === group && (s.lane < 0 || filter.lanes[s.lane]));
    for (const row of new Set(ofGroup.map(s => s.row))) {
      const series = ofGroup.filter(s => s.row === row);
      const single = series.length === 1 && series[0].lane < 0;
      if (series[0].isText || single) for (const one of series) add({ kind: 'segments', name: one.lane < 0 ? row : `${row} · ${run.lanes[one.lane]}`, series: one }, SEGMENTS);
      else add({ kind: 'plot', name: row, series }, PLOT);
    }
  }
  return at();
}

// Faults that overlap stand below one another; an instant takes as much room as its name needs at a common zoom.
function packBands(run) {
  const { begin, end_ } = run.bands;
  const ends = [];
  const slots = new Uint8Array(begin.length);
  for (let i = 0; i < begin.length; i++) {
    let slot = ends.findIndex(e => e <= begin[i]);
    if (slot < 0 && ends.length < 7) slot = ends.push(0) - 1;
    if (slot < 0) slot = ends.indexOf(Math.min(...ends));
    ends[slot] = Math.max(end_[i], begin[i] + run.end / 400);
    slots[i] = slot;
  }
  return { slots, count: Math.max(1, ends.length) };
}
