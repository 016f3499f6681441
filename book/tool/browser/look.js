// Opens each page in a frame, at the width of a phone and of a desk, in both themes, and reports what is
// wrong with it.

'use strict';

const THEMES = ['light', 'navy'];
const PHONE = 390;
const DESK = 1200;

async function lookAt(pages) {
  const faults = [];
  let diagrams = 0;
  for (const page of pages) {
    for (const width of [PHONE, DESK]) {
      const say = what => faults.push(`${page} at ${width} px: ${what}`);
      const frame = await open(page, width);
      const inside = frame.contentDocument;
      for (const folded of inside.querySelectorAll('main details')) {
        folded.open = true;
      }
      // The page for printing repeats all others.
      if (page !== 'print.html') {
        if (width === PHONE) {
          diagrams += step(inside, say);
        }
        for (const theme of THEMES) {
          inside.documentElement.classList.remove(...THEMES);
          inside.documentElement.classList.add(theme);
          contrast(inside, what => say(`${theme}: ${what}`));
        }
        overflow(inside, say);
      }
      frame.contentWindow.pageErrors.forEach(say);
      frame.remove();
    }
  }
  return { faults: [...new Set(faults)], pages: pages.length, diagrams };
}

async function open(page, width) {
  const frame = document.createElement('iframe');
  frame.style.cssText = `width: ${width}px; height: 900px; border: 0`;
  const loaded = new Promise(done => frame.addEventListener('load', done, { once: true }));
  frame.src = `/${page}`;
  document.body.append(frame);
  await within(60, loaded, `${page} does not load`);
  await within(60, frame.contentDocument.fonts.ready, `${page}: its fonts do not load`);
  return frame;
}

// What is promised, or an error when it has not come after so many seconds.
function within(seconds, promise, what) {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error(what)), seconds * 1000));
  return Promise.race([promise, late]);
}

// Whether anything is wider than the page, or leaves its diagram.
function overflow(inside, say) {
  const width = inside.documentElement.clientWidth;
  for (const scrolls of inside.querySelectorAll('html, body, .content, main')) {
    if (scrolls.scrollWidth > scrolls.clientWidth + 1) {
      const wide = [...inside.querySelectorAll('main *')].find(it =>
        !it.closest('pre, .table-wrapper') && it.getBoundingClientRect().right > width + 1);
      say(`overflows by ${scrolls.scrollWidth - scrolls.clientWidth} px: ${describe(wide ?? scrolls)}`);
      break;
    }
  }
  // A program's words may be moved sideways. A picture is seen as a whole or not at all.
  for (const picture of inside.querySelectorAll('pre > code.picture')) {
    if (picture.scrollWidth > picture.clientWidth + 1) {
      say(`a picture is wider than the page: ${describe(picture)}`);
    }
  }
  for (const svg of inside.querySelectorAll('.ladder svg')) {
    const lanes = svg.getBoundingClientRect();
    const between = svg.querySelector('.hit')?.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      const room = text.matches('.title, .numbers') ? between : lanes;
      if (box.left < room.left - 1 || box.right > room.right + 1) {
        say(`leaves its place in the diagram: ${describe(text)}`);
      }
    }
  }
}

// Whether each text can be told from what is behind it (WCAG 2.2, success criterion 1.4.3).
function contrast(inside, say) {
  const seen = new Set();
  const walker = inside.createTreeWalker(inside.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === '' || seen.has(element) || !isSeen(element)) {
      continue;
    }
    seen.add(element);
    const style = getComputedStyle(element);
    const isDrawn = element.closest('svg') !== null;
    const front = parse(isDrawn ? style.fill : style.color);
    const back = behind(element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = ratioOf(over(front, back), back);
    if (ratio < (isLarge ? 3 : 4.5)) {
      say(`contrast ${ratio.toFixed(2)}: ${describe(element)}`);
    }
  }
}

function isSeen(element) {
  return element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && element.closest('script, style, noscript, :disabled, [aria-hidden="true"]') === null;
}

function behind(element) {
  const layers = [];
  for (let at = element; at !== null; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    layers.push(colour);
    if (colour[3] === 1) {
      break;
    }
  }
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
}

function parse(colour) {
  const numbers = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
}

function over(front, back) {
  const mixed = [0, 1, 2].map(at => front[at] * front[3] + back[at] * (1 - front[3]));
  return [...mixed, 1];
}

function ratioOf(one, other) {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.slice(0, 3).map(part => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Whether the diagrams go step by step with the keyboard, and open layers. Gives how many there are.
function step(inside, say) {
  const figures = inside.querySelectorAll('figure.ladder');
  for (const figure of figures) {
    const expect = (holds, what) => holds || say(`#${figure.id}: ${what}`);
    const rows = [...figure.querySelectorAll('.row')];
    const press = key => (inside.activeElement ?? figure).dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    const current = () => rows.findIndex(row => row.classList.contains('current'));
    expect(figure.querySelector('.later') === null, 'is not whole at first');
    const segment = figure.querySelector('.segment');
    segment.focus();
    expect(inside.activeElement === segment, 'a segment cannot get the focus');
    press('Enter');
    expect(rows[current()] === segment, 'Enter does not choose the segment');
    expect(figure.querySelectorAll('.layer').length === 5, 'a segment does not open five layers');
    expect(figure.querySelector('.bytes .byte') !== null, 'a segment shows no bytes');
    press('Home');
    expect(current() === 0, 'Home does not go to the first step');
    for (let at = 1; at < rows.length; at += 1) {
      const goesOn = press('ArrowRight');
      expect(!goesOn, 'the arrow keys turn the book\'s pages');
      expect(current() === at, `ArrowRight does not go to step ${at + 1}`);
      expect(figure.querySelector('.note').textContent !== '', `step ${at + 1} says nothing`);
    }
    press('ArrowLeft');
    expect(current() === rows.length - 2, 'ArrowLeft does not go back');
    press('Escape');
    expect(figure.querySelector('.later') === null, 'Escape does not show all');
  }
  return figures.length;
}

function describe(element) {
  const text = element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
  const classes = element.getAttribute('class')?.trim().replace(/\s+/g, '.') ?? '';
  return `<${element.tagName.toLowerCase()}${classes && `.${classes}`}> "${text}"`;
}

lookAt(window.PAGES)
  .catch(error => ({ faults: [`looking at the pages fails: ${error.stack}`], pages: 0, diagrams: 0 }))
  .then(report => fetch('/look/report', { method: 'POST', body: JSON.stringify(report) }));
