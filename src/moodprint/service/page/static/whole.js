// The whole file as a strip over the timeline, and what of it is shown: a click or a drag moves there.
export class Whole {
  constructor(timeline, canvas) {
    Object.assign(this, { timeline, canvas });
    timeline.viewers.push(() => this.paint());
    let drags = false;
    const go = (event) => {
      const time = (event.offsetX / canvas.clientWidth) * timeline.duration;
      const half = (timeline.to - timeline.from) / 2;
      timeline.view(time - half, time + half);
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      drags = true;
      go(event);
    });
    canvas.addEventListener("pointermove", (event) => drags && go(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (drags = false));
  }

  paint() {
    const { timeline, canvas } = this;
    const pen = timeline.penOf(canvas);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const x = (time) => (time / timeline.duration) * width;
    const isWhole = timeline.to - timeline.from >= timeline.duration;
    for (const { start, end, kind } of timeline.stretches) {
      if (kind === "silence") continue;
      pen.fillStyle = timeline.colour[kind];
      pen.fillRect(x(start), 3, x(end) - x(start), height - 6);
    }
    pen.fillStyle = timeline.card;
    pen.globalAlpha = 0.7;
    pen.fillRect(0, 0, x(timeline.from), height);
    pen.fillRect(x(timeline.to), 0, width - x(timeline.to), height);
    pen.globalAlpha = 1;
    pen.strokeStyle = pen.fillStyle = timeline.ink;
    pen.lineWidth = 2;
    if (!isWhole) pen.strokeRect(x(timeline.from) + 1, 1, Math.max(4, x(timeline.to) - x(timeline.from) - 2), height - 2);
    pen.fillRect(x(timeline.time) - 1, 0, 2, height);
  }
}
