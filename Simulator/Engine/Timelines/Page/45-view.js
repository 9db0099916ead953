// What part of the run is in sight. Times are microseconds.

const MIN_SPAN = 20;

function buildView(run) {
  const view = { t0: 0, t1: run.end, scroll: 0, width: 800, height: 600, contentHeight: 0 };
  view.plotWidth = () => Math.max(50, view.width - MARGIN - 8);
  view.x = micros => MARGIN + (micros - view.t0) / (view.t1 - view.t0) * view.plotWidth();
  view.time = x => view.t0 + (x - MARGIN) / view.plotWidth() * (view.t1 - view.t0);
  view.span = () => view.t1 - view.t0;
  view.show = (t0, span) => {
    const most = run.end * 1.04;
    const wide = Math.min(most, Math.max(MIN_SPAN, span));
    const first = Math.min(Math.max(t0, -run.end * 0.02), run.end * 1.02 - wide);
    view.t0 = first;
    view.t1 = first + wide;
  };
  view.zoom = (factor, aroundX = MARGIN + view.plotWidth() / 2) => {
    const around = view.time(aroundX);
    const span = Math.min(run.end * 1.04, Math.max(MIN_SPAN, view.span() * factor));
    view.show(around - (aroundX - MARGIN) / view.plotWidth() * span, span);
  };
  view.pan = dx => view.show(view.t0 + dx / view.plotWidth() * view.span(), view.span());
  view.center = (micros, span = view.span()) => view.show(micros - span / 2, span);
  view.whole = () => view.show(-run.end * 0.02, run.end * 1.04);
  // Brings an instant into sight, without moving if it is.
  view.reveal = micros => {
    const inset = view.span() * 0.06;
    if (micros < view.t0 + inset || micros > view.t1 - inset) view.center(micros);
  };
  view.scrollTo = y => { view.scroll = Math.max(0, Math.min(y, view.contentHeight - (view.height - TOP))); };
  return view;
}

// Instants as people read them: as many decimals as the step needs.
function formatTime(micros, step = 1) {
  const decimals = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step / 1e6) - 1e-9)));
  return (micros / 1e6).toFixed(decimals) + ' s';
}

function formatSpan(micros) {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1e6) return `${+(micros / 1e3).toFixed(3)} ms`;
  return `${+(micros / 1e6).toFixed(3)} s`;
}

const formatCount = n => Math.round(n).toLocaleString('en');

// 1, 2 or 5 times a power of ten, so that ticks are at least so many pixels apart.
function tickStep(view, pixels) {
  const least = view.span() / view.plotWidth() * pixels;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map(f => f * power).find(s => s >= least);
}
