// Points on a canvas: by WebGL, or plainly where there is none. Both take colors, sizes and an order, and draw when told.
// WebGL is spoken to directly: libraries on regl make code of texts, which a page's policy would have to allow.

const THIN = 40_000; // points drawn while a map moves, where all of them would make it stutter

/** Some of the points, of every layer, in their order. */
const thinned = (order) => {
  const step = Math.ceil(order.length / THIN);
  return step < 2 ? order : order.filter((_, at) => at % step === 0);
};

const VERTEX = `
attribute vec2 place; attribute vec4 color; attribute float size;
uniform vec3 camera; uniform vec2 middle; uniform float scale;
varying vec4 shade; varying float wide;
void main() {
  gl_Position = vec4((place - camera.xy) * camera.z / middle, 0.0, 1.0);
  wide = max(size * scale, 1.0);
  gl_PointSize = wide;
  shade = color;
}`;
const FRAGMENT = `
precision mediump float;
varying vec4 shade; varying float wide;
void main() {
  float edge = 1.0 - smoothstep(1.0 - 2.0 / wide, 1.0, 2.0 * length(gl_PointCoord - 0.5));
  float alpha = shade.a * (wide < 2.5 ? 1.0 : edge);
  gl_FragColor = vec4(shade.rgb * alpha, alpha);
}`;

class GlPoints {
  constructor(canvas, x, y) {
    const options = { alpha: true, antialias: false, premultipliedAlpha: true };
    const gl = canvas.getContext("webgl2", options) ?? canvas.getContext("webgl", options);
    if (!gl || !(gl instanceof globalThis.WebGL2RenderingContext || gl.getExtension("OES_element_index_uint"))) {
      throw new Error("no WebGL");
    }
    this.gl = gl;
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error("no WebGL program");
    gl.useProgram(program);
    this.uniforms = Object.fromEntries(["camera", "middle", "scale"].map((name) => [name, gl.getUniformLocation(program, name)]));
    this.buffers = {};
    for (const [name, size, kind, whole] of [["place", 2, gl.FLOAT, false], ["color", 4, gl.UNSIGNED_BYTE, true], ["size", 1, gl.UNSIGNED_BYTE, false]]) {
      const at = gl.getAttribLocation(program, name);
      this.buffers[name] = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name]);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, kind, whole, 0, 0);
    }
    this.orders = [false, true].map(() => ({ buffer: gl.createBuffer(), n: 0 })); // all points, and some
    const places = new Float32Array(2 * x.length);
    for (let i = 0; i < x.length; i++) {
      places[2 * i] = x[i];
      places[2 * i + 1] = y[i];
    }
    this.load("place", places);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  load(name, values) {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[name]);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, values, this.gl.DYNAMIC_DRAW);
  }

  style(colors, sizes, order) {
    const { gl } = this;
    this.load("color", colors);
    this.load("size", sizes);
    [order, thinned(order)].forEach((rows, at) => {
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.orders[at].buffer);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, rows, gl.DYNAMIC_DRAW);
      this.orders[at].n = rows.length;
    });
  }

  draw(camera, ratio, size, thin) {
    const { gl, uniforms } = this;
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform3f(uniforms.camera, camera.x, camera.y, camera.scale);
    gl.uniform2f(uniforms.middle, camera.width / 2, camera.height / 2);
    gl.uniform1f(uniforms.scale, (size * ratio) / 10);
    const { buffer, n } = this.orders[Number(thin)];
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
    gl.drawElements(gl.POINTS, n, gl.UNSIGNED_INT, 0);
  }
}

class PlainPoints {
  constructor(canvas, x, y) {
    this.context = canvas.getContext("2d");
    Object.assign(this, { x, y });
  }

  style(colors, sizes, order) {
    this.groups = [order, thinned(order)].map((rows) => this.grouped(colors, sizes, rows));
  }

  grouped(colors, sizes, order) {
    const shade = new Uint32Array(colors.buffer);
    // Of equal layers (sizes come with them) those of one color together, so that they are one path.
    const layers = new Map();
    for (const i of order) {
      const key = `${sizes[i]} ${shade[i]}`;
      const rows = layers.get(key);
      if (rows) rows.push(i);
      else layers.set(key, [i]);
    }
    return [...layers.values()].map((rows) => {
      const [red, green, blue, alpha] = colors.subarray(4 * rows[0], 4 * rows[0] + 4);
      return { rows, size: sizes[rows[0]] / 10, color: `rgba(${red},${green},${blue},${alpha / 255})` };
    });
  }

  draw(camera, ratio, size, thin) {
    const { context, x, y } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    for (const { rows, size: own, color } of this.groups[Number(thin)]) {
      const radius = Math.max(0.5, (own * size) / 2);
      context.fillStyle = color;
      context.beginPath();
      for (const i of rows) {
        const left = camera.width / 2 + (x[i] - camera.x) * camera.scale;
        const top = camera.height / 2 - (y[i] - camera.y) * camera.scale;
        if (left < -radius || top < -radius || left > camera.width + radius || top > camera.height + radius) continue;
        if (radius < 2) context.rect(left - radius, top - radius, 2 * radius, 2 * radius);
        else {
          context.moveTo(left + radius, top);
          context.arc(left, top, radius, 0, 2 * Math.PI);
        }
      }
      context.fill();
    }
  }
}

/** Points in an element, with what draws them: "webgl" or "canvas". */
export function makePoints(holder, x, y, onLost) {
  const fresh = () => {
    const canvas = document.createElement("canvas");
    canvas.className = "points";
    holder.querySelector("canvas.points")?.remove();
    holder.prepend(canvas);
    return canvas;
  };
  let canvas = fresh();
  try {
    if (new URLSearchParams(globalThis.location?.search).has("no-webgl")) throw new Error("asked for");
    const points = new GlPoints(canvas, x, y);
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      canvas = fresh();
      onLost({ points: new PlainPoints(canvas, x, y), canvas, by: "canvas" });
    });
    return { points, canvas, by: "webgl" };
  } catch {
    canvas = fresh(); // one canvas has one kind of context
    return { points: new PlainPoints(canvas, x, y), canvas, by: "canvas" };
  }
}
