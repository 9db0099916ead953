// The side panel: the failure, the selected item, the state at its instant, the filter, the facts of the run.

const $ = id => document.getElementById(id);

function element(name, content = '', className = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (typeof content === 'string') made.textContent = content;
  else made.append(...content);
  return made;
}

function definitions(entries) {
  return element('dl', entries.filter(([, value]) => value !== null && value !== '').flatMap(([name, value]) => [element('dt', name), element('dd', String(value))]));
}

function showFailure(app) {
  const { failure } = app.run;
  const verdict = $('verdict');
  verdict.className = failure ? 'failed' : 'held';
  verdict.textContent = failure ? `${failure.property} failed at ${formatTime(failure.micros)}` : 'all properties held';
  if (!failure) return;
  const jump = element('button', 'Jump to it');
  jump.type = 'button';
  jump.onclick = () => app.jumpToFailure();
  $('failure').hidden = false;
  $('failure').replaceChildren(
    element('h2', failure.property),
    element('p', failure.message),
    element('p', `${formatTime(failure.micros)} · event ${formatCount(failure.event)}`, 'time'),
    jump);
}

function showSelected(app) {
  const { run, selected } = app;
  if (!selected) {
    $('selected').replaceChildren(element('h2', 'Nothing selected'), element('p', 'Click on anything, or step with the arrow keys.'));
    $('state').replaceChildren();
    return;
  }
  const said = describe(run, selected);
  const before = app.before && app.before !== selected ? timeOf(selected) - timeOf(app.before) : null;
  $('selected').replaceChildren(
    element('h2', `${selected.track.kind}${said.lane >= 0 ? ` · ${run.lanes[said.lane]}` : ''}`),
    element('p', said.what, 'what'),
    element('p', selected.track.kind === FAILURE ? '' : said.text),
    definitions([
      ['time', formatTime(timeOf(selected))],
      ['event', formatCount(eventOf(selected))],
      ['since last', before === null ? null : `${before < 0 ? '−' : ''}${formatSpan(Math.abs(before))}`],
      ...details(app, selected),
    ]),
    steppers(app));
  showState(app, timeOf(selected), selected.track.kind === CHANGE ? indexIn(selected.track, selected.at) : -1);
}

function details(app, item) {
  const { run } = app;
  const i = indexIn(item.track, item.at);
  switch (item.track.kind) {
    case MESSAGE: {
      const m = run.messages;
      return [
        ['connection', run.connections[m.connection[i]].join(' – ').replace(':0 ', ' ')],
        ['bytes', formatCount(m.bytes[i])],
        ['sent', formatTime(m.begin[i])],
        [ENDS[m.end[i]], `${formatTime(m.end_[i])} (${formatSpan(m.duration[i])})`],
        ['stands for', m.weight[i] > 1 ? `${m.weight[i]} messages` : null],
      ];
    }
    case OPERATION: {
      const o = run.operations;
      return [['began', formatTime(o.begin[i])], ['took', o.outcome[i] === 0 ? 'not ended' : formatSpan(o.duration[i])], ['outcome', OUTCOMES[o.outcome[i]]], ['asked', run.texts[o.invoked[i]]]];
    }
    case FAULT: return [['lasts', run.bands.open[i] ? 'to the end' : run.bands.duration[i] ? formatSpan(run.bands.duration[i]) : 'an instant'], ['machines', run.bandLanes[i].map(l => run.lanes[l]).join(', ')]];
    default: return [];
  }
}

function steppers(app) {
  const button = (text, title, action) => {
    const made = element('button', text);
    made.type = 'button';
    made.title = title;
    made.onclick = action;
    return made;
  };
  return element('div', [button('‹ back', 'One event back (←)', () => app.step(-1)), button('forward ›', 'One event forward (→)', () => app.step(1))], 'links');
}

// All series at one instant, a table per group: a row per name, a column per machine.
function showState(app, micros, changed) {
  const { run, filter } = app;
  const blocks = [];
  for (const [group, shown] of filter.groups) {
    if (!shown) continue;
    const table = element('table', [element('caption', group)]);
    for (const series of run.series) {
      if (series.group !== group || (series.lane >= 0 && !filter.lanes[series.lane])) continue;
      const value = valueAt(run, series, micros);
      if (value === null) continue;
      const row = element('tr', [element('th', series.lane < 0 ? series.row : `${series.row} · ${run.lanes[series.lane]}`), element('td', value)]);
      if (changed >= series.first && changed < series.last) row.className = 'changed';
      table.append(row);
    }
    if (table.rows.length > 0) blocks.push(table);
  }
  $('state').replaceChildren(...(blocks.length > 0 ? [element('h2', `State at ${formatTime(micros)}`), ...blocks] : []));
}

function showFilters(app) {
  const { run, filter } = app;
  const counts = new Float64Array(run.labels.length);
  for (let i = 0; i < run.messages.label.length; i++) counts[run.messages.label[i]] += run.messages.weight[i];
  const byCount = run.labels.map((name, i) => i).sort((a, b) => counts[b] - counts[a]);
  const box = (name, isOn, change, count) => {
    const input = document.createElement('input');
    input.type = 'checkbox';
    input.checked = isOn;
    input.onchange = () => { change(input.checked); app.filtered(); };
    return element('label', [input, document.createTextNode(name), ...(count === undefined ? [] : [element('span', formatCount(count), 'count')])]);
  };
  const set = (name, boxes, all) => {
    const made = element('fieldset', [element('legend', name), ...boxes]);
    if (all) {
      const links = ['all', 'none'].map((word, i) => {
        const made = element('button', word);
        made.type = 'button';
        made.onclick = () => { all(i === 0); app.filtered(); showFilters(app); };
        return made;
      });
      made.append(element('div', links, 'links'));
    }
    return made;
  };
  const kinds = [[MESSAGE, 'messages', run.messages.begin.length], [OPERATION, 'operations', run.operations.begin.length], [CHANGE, 'values', run.points.begin.length], [FAULT, 'faults', run.bands.begin.length], ['log', 'log lines', app.logLines]];
  $('filters').replaceChildren(
    set('What', kinds.map(([kind, name, count]) => box(name, filter.kinds[kind], on => { filter.kinds[kind] = on; }, count))),
    set('Machines', run.lanes.map((name, i) => box(name, filter.lanes[i] === 1, on => { filter.lanes[i] = on ? 1 : 0; })), on => filter.lanes.fill(on ? 1 : 0)),
    set('Messages', byCount.map(i => box(run.labels[i], filter.labels[i] === 1, on => { filter.labels[i] = on ? 1 : 0; }, counts[i])), on => filter.labels.fill(on ? 1 : 0)));
}

function showFacts(app) {
  const { run } = app;
  const thinned = run.messageStride > 1
    ? `The newest messages are all here; of the older ones each stands for about ${run.messageStride}.`
    : 'Every message is here.';
  $('facts').replaceChildren(
    definitions([
      ['scenario', run.scenario], ['seed', run.seed], ['virtual time', formatTime(run.end)], ['events', formatCount(run.events)], ['messages', formatCount(run.messagesSeen)],
      ['log lines', run.logLinesDropped > 0 ? `the last ${formatCount(app.logLines)}; ${formatCount(run.logLinesDropped)} older ones were dropped` : formatCount(app.logLines)],
      ...Object.entries(run.configuration),
    ]),
    element('p', `${thinned} Up to ${formatCount(ARROWS_MAX)} in sight are drawn as arrows, up to ${formatCount(HAIRLINES_MAX)} as hairlines; beyond, the profile on each lane shows how much its machine sends.`));
}

const KEYS = [
  ['← →', 'one event back, forward'], ['Shift ← →', 'pan'], ['+ −', 'zoom in, out (also the wheel)'], ['0', 'the whole run'], ['f', 'the failure'],
  ['[ ]', 'fault before, after'], ['/', 'search'], ['n N', 'next, previous match'], ['↑ ↓', 'scroll'], ['t', 'light or dark'], ['Esc', 'select nothing, close'],
  ['drag', 'pan; on the axis: zoom to a range; on the overview: move the window'], ['wheel on names', 'scroll; with Shift: pan'], ['click on a group', 'fold, unfold'], ['?', 'this list'],
];

function showKeys() {
  const list = element('dl', KEYS.flatMap(([keys, what]) => [element('dt', keys.split(' ').map(k => element('kbd', k)).flatMap(k => [k, document.createTextNode(' ')])), element('dd', what)]));
  const close = element('button', 'Close');
  close.onclick = () => $('keys').close();
  $('keys').replaceChildren(element('h2', 'Keys'), list, element('p', ''), close);
  $('keys').showModal();
}
