// Everything that can be stepped to, in tracks: each track is a list in the order of time. An item is { track, at } and names
// what it is by kind and index.

function buildTracks(run) {
  const { marks, bands, operations, points, messages } = run;
  const whole = part => ({ time: part.begin, event: part.beginEvent, order: null });
  const ends = part => ({ time: part.end_, event: part.beginEvent.map((e, i) => e + part.events[i]), order: undefined });
  const tracks = [
    { kind: MARK, ...whole(marks) },
    { kind: FAULT, ...whole(bands) },
    { kind: FAULT, isEnd: true, ...ends(bands) },
    { kind: OPERATION, ...whole(operations) },
    { kind: CHANGE, time: points.begin, event: points.beginEvent, order: undefined },
    { kind: MESSAGE, ...whole(messages) },
    { kind: MESSAGE, isEnd: true, ...ends(messages) },
    { kind: OPERATION, isEnd: true, ...ends(operations) },
  ];
  if (run.failure) tracks.push({ kind: FAILURE, time: [run.failure.micros], event: [run.failure.event], order: null });
  tracks.forEach((track, i) => { track.number = i; });
  return tracks;
}

// The order of a track by time; worked out when it is first needed.
function orderOf(track) {
  if (track.order !== undefined) return track.order;
  const { time } = track;
  const room = 2 ** 53 / Math.max(1, time.length);
  if (time.every(t => t < room - 1)) {
    const keys = Float64Array.from(time, (t, i) => t * time.length + i).sort();
    track.order = Int32Array.from(keys, k => k % time.length);
  } else {
    track.order = Int32Array.from(time, (_, i) => i).sort((a, b) => time[a] - time[b] || a - b);
  }
  return track.order;
}

const indexIn = (track, at) => (orderOf(track) ? track.order[at] : at);

// Items are ordered by time, event, track and place in the track.
function compareItems(a, b) {
  const [i, j] = [indexIn(a.track, a.at), indexIn(b.track, b.at)];
  return a.track.time[i] - b.track.time[j] || a.track.event[i] - b.track.event[j] || a.track.number - b.track.number || a.at - b.at;
}

function itemOf(track, index) {
  const order = orderOf(track);
  if (!order) return { track, at: index };
  let at = firstAt(track, track.time[index]);
  while (order[at] !== index) at++;
  return { track, at };
}

// The first place in a track at or after an instant.
function firstAt(track, micros) {
  const order = orderOf(track);
  if (!order) return lowerBound(track.time, micros);
  let low = 0, high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (track.time[order[middle]] < micros) low = middle + 1; else high = middle;
  }
  return low;
}

const timeOf = item => item.track.time[indexIn(item.track, item.at)];
const eventOf = item => item.track.event[indexIn(item.track, item.at)];

// The next item in a direction that is wanted: from an item, or from an instant.
function nextItem(tracks, from, direction, wanted) {
  let best = null;
  const micros = typeof from === 'number' ? from : timeOf(from);
  for (const track of tracks) {
    const length = track.time.length;
    let at = firstAt(track, micros);
    if (direction < 0) {
      while (at < length && track.time[indexIn(track, at)] === micros) at++;
      at--;
    }
    for (; at >= 0 && at < length; at += direction) {
      const candidate = { track, at };
      if (typeof from !== 'number' && compareItems(candidate, from) * direction <= 0) continue;
      if (best && compareItems(candidate, best) * direction >= 0) break;
      if (!wanted(track, indexIn(track, at))) continue;
      best = candidate;
      break;
    }
  }
  return best;
}

// ---- what an item says

function describe(run, item) {
  const i = indexIn(item.track, item.at);
  const text = id => run.texts[id];
  switch (item.track.kind) {
    case MARK: return { what: text(run.marks.kind[i]), text: text(run.marks.text[i]), lane: run.marks.lane[i] };
    case FAULT: return { what: `${text(run.bands.kind[i])} ${item.track.isEnd ? 'ends' : 'begins'}`, text: text(run.bands.text[i]), lane: run.bandLanes[i].length === 1 ? run.bandLanes[i][0] : -1 };
    case OPERATION: return describeOperation(run, i, item.track.isEnd);
    case CHANGE: {
      const series = run.series[run.seriesOfPoint[i]];
      return { what: `${series.group} ${series.row}`, text: pointText(run, series, i) ?? 'no value', lane: series.lane, series };
    }
    case MESSAGE: {
      const m = run.messages;
      const way = `${run.lanes[m.from[i]]} → ${run.lanes[m.to[i]]}`;
      const end = item.track.isEnd ? ENDS[m.end[i]] : 'sent';
      return { what: `${run.labels[m.label[i]]} ${end}`, text: way, lane: item.track.isEnd ? m.to[i] : m.from[i] };
    }
    default: return { what: `${run.failure.property} fails`, text: run.failure.message, lane: -1 };
  }
}

function describeOperation(run, i, isEnd) {
  const o = run.operations;
  const name = run.texts[o.function[i]];
  const outcome = OUTCOMES[o.outcome[i]];
  const completed = o.completed[i] >= 0 ? run.texts[o.completed[i]] : null;
  return { what: isEnd ? `${name} ${outcome}` : `${name} begins`, text: isEnd ? completed ?? run.texts[o.invoked[i]] : run.texts[o.invoked[i]], lane: o.lane[i] };
}
