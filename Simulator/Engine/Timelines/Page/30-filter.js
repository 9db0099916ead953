// What is shown, and what is searched for.

function buildFilter(run) {
  const filter = {
    kinds: { [MESSAGE]: true, [OPERATION]: true, [CHANGE]: true, [FAULT]: true, log: true },
    labels: new Uint8Array(run.labels.length).fill(1),
    lanes: new Uint8Array(run.lanes.length).fill(1),
    groups: new Map([...new Set(run.series.map(s => s.group))].map(g => [g, true])),
    query: '',
  };
  filter.shows = (track, i) => {
    if (track.isEnd && !hasEnded(run, track, i)) return false;
    switch (track.kind) {
      case MESSAGE: return filter.kinds[MESSAGE] && showsMessage(run, filter, i);
      case OPERATION: return filter.kinds[OPERATION] && filter.lanes[run.operations.lane[i]] === 1;
      case CHANGE: {
        const series = run.series[run.seriesOfPoint[i]];
        return filter.kinds[CHANGE] && filter.groups.get(series.group) && (series.lane < 0 || filter.lanes[series.lane] === 1);
      }
      case FAULT: return filter.kinds[FAULT];
      case MARK: return (filter.kinds.log || run.texts[run.marks.kind[i]] !== 'log') && (run.marks.lane[i] < 0 || filter.lanes[run.marks.lane[i]] === 1);
      default: return true;
    }
  };
  return filter;
}

// What was still going on when the run ended has no end to step to.
function hasEnded(run, track, i) {
  switch (track.kind) {
    case MESSAGE: return run.messages.end[i] !== 0;
    case OPERATION: return run.operations.outcome[i] !== 0;
    case FAULT: return !run.bands.open[i] && run.bands.duration[i] > 0;
    default: return true;
  }
}

function showsMessage(run, filter, i) {
  const m = run.messages;
  return filter.labels[m.label[i]] === 1 && filter.lanes[m.from[i]] === 1 && filter.lanes[m.to[i]] === 1;
}

// Per machine the instants of what it sends, with running sums of what the messages stand for: the densities of any view.
function buildDensities(run, filter) {
  const m = run.messages;
  const counts = new Int32Array(run.lanes.length);
  for (let i = 0; i < m.begin.length; i++) if (showsMessage(run, filter, i)) counts[m.from[i]]++;
  const lanes = Array.from(counts, n => ({ time: new Float64Array(n), sum: new Float64Array(n + 1), n: 0 }));
  for (let i = 0; i < m.begin.length; i++) {
    if (!showsMessage(run, filter, i)) continue;
    const lane = lanes[m.from[i]];
    lane.time[lane.n] = m.begin[i];
    lane.sum[lane.n + 1] = lane.sum[lane.n] + m.weight[i];
    lane.n++;
  }
  return lanes;
}

// A search for all words of a query in the text of an item. Of messages the words are looked up once per label, machine and
// connection, not once per message.
function buildSearch(run, query) {
  const words = query.toLowerCase().split(/\s+/).filter(w => w);
  if (words.length === 0) return null;
  const texts = run.texts.map(t => t.toLowerCase());
  const names = [...run.lanes.map(l => l.toLowerCase()), ''];
  const lane = i => names[i < 0 ? names.length - 1 : i];
  const hits = (list) => words.map(w => Uint8Array.from(list, t => (t.includes(w) ? 1 : 0)));
  const labels = hits(run.labels.map(l => l.toLowerCase()));
  const lanes = hits(run.lanes.map(l => l.toLowerCase()));
  const ways = hits(run.connections.map(c => c.join(' ').toLowerCase()));
  const ends = hits(ENDS);
  const all = text => words.every(w => text.includes(w));
  const { messages: m, marks, bands, operations: o } = run;
  return (track, i) => {
    switch (track.kind) {
      case MESSAGE: return words.every((_, w) => labels[w][m.label[i]] || lanes[w][m.from[i]] || lanes[w][m.to[i]] || ways[w][m.connection[i]] || (track.isEnd && ends[w][m.end[i]]));
      case MARK: return all(`${texts[marks.kind[i]]} ${texts[marks.text[i]]} ${lane(marks.lane[i])}`);
      case FAULT: return all(`${texts[bands.kind[i]]} ${texts[bands.text[i]]}`);
      case OPERATION: return all(`${texts[o.function[i]]} ${texts[track.isEnd && o.completed[i] >= 0 ? o.completed[i] : o.invoked[i]]} ${lane(o.lane[i])} ${track.isEnd ? OUTCOMES[o.outcome[i]] : ''}`);
      case CHANGE: {
        const series = run.series[run.seriesOfPoint[i]];
        return all(`${series.group} ${series.row} ${lane(series.lane)} ${pointText(run, series, i) ?? 'no value'}`.toLowerCase());
      }
      default: return all(`${run.failure.property} ${run.failure.message}`.toLowerCase());
    }
  };
}
