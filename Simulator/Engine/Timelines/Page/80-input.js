// Pointer, wheel, keys.

function bindInput(app) {
  const { canvas, view } = app;
  canvas.addEventListener('wheel', event => {
    event.preventDefault();
    const { offsetX: x } = event;
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) view.pan((event.deltaX || event.deltaY) * unit);
    else if (x < MARGIN) view.scrollTo(view.scroll + event.deltaY * unit);
    else view.zoom(Math.exp(event.deltaY * unit * 0.0022), x);
    app.changed();
  }, { passive: false });
  bindDrag(app);
  window.addEventListener('keydown', event => onKey(app, event));
  new ResizeObserver(() => app.resize()).observe($('stage'));
  $('verdict').onclick = () => app.jumpToFailure();
  $('whole').onclick = () => { view.whole(); app.changed(); };
  $('theme').onclick = () => app.toggleTheme();
  $('help').onclick = showKeys;
  $('query').addEventListener('input', () => app.setQuery($('query').value));
  $('search').addEventListener('submit', event => { event.preventDefault(); app.find(1); });
  $('next').onclick = () => app.find(1);
  $('previous').onclick = () => app.find(-1);
}

function bindDrag(app) {
  const { canvas, view } = app;
  let drag = null;
  canvas.addEventListener('pointerdown', event => {
    const { offsetX: x, offsetY: y } = event;
    canvas.setPointerCapture(event.pointerId);
    drag = { x, y, scroll: view.scroll, t0: view.t0, moved: false, kind: y < OVERVIEW ? 'overview' : y < TOP ? 'range' : 'pan' };
    if (drag.kind === 'overview') moveWindow(app, x);
  });
  canvas.addEventListener('pointermove', event => {
    const { offsetX: x, offsetY: y } = event;
    if (!drag) return hover(app, x, y);
    drag.moved ||= Math.hypot(x - drag.x, y - drag.y) > 3;
    if (!drag.moved) return undefined;
    $('tip').hidden = true;
    if (drag.kind === 'overview') moveWindow(app, x);
    else if (drag.kind === 'pan') {
      view.show(drag.t0 - (x - drag.x) / view.plotWidth() * view.span(), view.span());
      view.scrollTo(drag.scroll - (y - drag.y));
    } else app.range = [Math.min(x, drag.x), Math.max(x, drag.x)];
    return app.changed();
  });
  canvas.addEventListener('pointerup', event => {
    const done = drag;
    drag = null;
    if (!done) return;
    if (app.range) {
      const [t0, t1] = app.range.map(view.time);
      app.range = null;
      view.show(t0, t1 - t0);
      app.changed();
    } else if (!done.moved && done.kind === 'pan') click(app, event.offsetX, event.offsetY);
  });
  canvas.addEventListener('pointerleave', () => { $('tip').hidden = true; });
}

function moveWindow(app, x) {
  app.view.center((x - MARGIN) / app.view.plotWidth() * app.run.end);
  app.changed();
}

function click(app, x, y) {
  const content = y - TOP + app.view.scroll;
  const group = y > TOP && app.layout.rows.find(r => r.kind === 'group' && content >= r.y && content < r.y + r.height);
  if (group && x < MARGIN) {
    app.filter.groups.set(group.group, !group.shown);
    app.filtered();
    return;
  }
  app.canvas.focus();
  app.select(itemAt(app, x, y));
}

let hovering = 0;

function hover(app, x, y) {
  cancelAnimationFrame(hovering);
  hovering = requestAnimationFrame(() => {
    const item = itemAt(app, x, y);
    const tip = $('tip');
    tip.hidden = !item;
    if (!item) return;
    const said = describe(app.run, item);
    tip.textContent = `${said.what}: ${said.text.length > 180 ? said.text.slice(0, 180) + '…' : said.text} · ${formatTime(timeOf(item))}`;
    tip.style.left = `${Math.min(x + 14, app.view.width - Math.min(420, tip.offsetWidth) - 8)}px`;
    tip.style.top = `${y + 40 > app.view.height ? y - 34 : y + 16}px`;
  });
}

function onKey(app, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $('keys').open) return;
  const inField = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== 'checkbox';
  if (inField) {
    if (event.key === 'Escape') app.canvas.focus();
    return;
  }
  const { view } = app;
  const pan = fraction => () => { view.pan(fraction * view.plotWidth()); app.changed(); };
  const zoom = factor => () => { view.zoom(factor, app.selected ? Math.min(view.width, Math.max(MARGIN, view.x(timeOf(app.selected)))) : undefined); app.changed(); };
  const scroll = by => () => { view.scrollTo(view.scroll + by); app.changed(); };
  const actions = {
    ArrowLeft: event.shiftKey ? pan(-0.2) : () => app.step(-1),
    ArrowRight: event.shiftKey ? pan(0.2) : () => app.step(1),
    ArrowUp: scroll(-60), ArrowDown: scroll(60), PageUp: scroll(-view.height * 0.7), PageDown: scroll(view.height * 0.7),
    Home: () => { view.show(-view.span() * 0.02, view.span()); app.changed(); },
    End: () => { view.show(app.run.end - view.span() * 0.96, view.span()); app.changed(); },
    '+': zoom(0.6), '=': zoom(0.6), '-': zoom(1 / 0.6), _: zoom(1 / 0.6),
    0: () => { view.whole(); app.changed(); },
    f: () => app.jumpToFailure(), t: () => app.toggleTheme(), '?': showKeys,
    n: () => app.find(1), N: () => app.find(-1),
    '[': () => app.step(-1, track => track.kind === FAULT && !track.isEnd), ']': () => app.step(1, track => track.kind === FAULT && !track.isEnd),
    '/': () => $('query').focus(), Escape: () => { $('tip').hidden = true; app.select(null); },
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
