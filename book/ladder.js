// Opens a segment's layers, and steps through a diagram. Without it, the whole diagram is shown.

'use strict';

(() => {
  const HINT = 'Choose a segment to open its layers, or go step by step: buttons or arrow keys.';

  for (const figure of document.querySelectorAll('figure.ladder')) {
    new Ladder(figure);
  }

  function Ladder(figure) {
    const details = JSON.parse(figure.querySelector('.ladder-data').textContent);
    const rows = [...figure.querySelectorAll('.row')];
    const segments = rows.filter(row => row.classList.contains('segment'));
    const svg = figure.querySelector('svg');
    // The row that is shown; none while the diagram is shown as a whole.
    let current = null;

    const back = button('◀ back', () => step(-1));
    const next = button('next ▶', () => step(1));
    const whole = button('show all', () => show(null));
    const place = element('span', 'place');
    const controls = element('div', 'controls');
    controls.append(back, next, whole, place);
    const panel = element('div', 'panel');
    // Read aloud at each step; the layers only when somebody goes there.
    const note = element('p', 'note');
    note.setAttribute('aria-live', 'polite');
    const inside = element('div', 'inside');
    panel.append(note, inside);
    svg.before(controls);
    svg.after(panel);
    show(null);

    for (const row of rows) {
      row.addEventListener('click', () => show(Number(row.dataset.row)));
    }
    figure.addEventListener('keydown', event => {
      if (event.altKey || event.ctrlKey || event.metaKey) {
        return;
      }
      const handled = key(event);
      if (handled) {
        // The book turns its pages with the same keys.
        event.preventDefault();
        event.stopPropagation();
      }
    });

    function key(event) {
      switch (event.key) {
        case 'ArrowRight':
        case 'ArrowDown':
          return step(1);
        case 'ArrowLeft':
        case 'ArrowUp':
          return step(-1);
        case 'Home':
          return show(0);
        case 'End':
          return show(rows.length - 1);
        case 'Escape':
          return show(null);
        case 'Enter':
        case ' ': {
          const row = event.target.closest('.row');
          return row !== null && show(Number(row.dataset.row));
        }
        default:
          return false;
      }
    }

    function step(by) {
      if (current === null) {
        return show(by > 0 ? 0 : rows.length - 1);
      }
      return show(Math.min(Math.max(current + by, 0), rows.length - 1));
    }

    function show(number) {
      const hadFocus = rows.includes(document.activeElement);
      current = number;
      rows.forEach((row, at) => {
        row.classList.toggle('later', number !== null && at > number);
        row.classList.toggle('current', at === number);
      });
      // Tab goes to the diagram, the arrow keys go on inside.
      const stop = segments.find(segment => segment === rows[number]) ?? segments[0];
      for (const segment of segments) {
        segment.setAttribute('aria-pressed', String(segment === rows[number]));
        segment.setAttribute('tabindex', segment === stop ? '0' : '-1');
      }
      if (hadFocus && number !== null && segments.includes(rows[number])) {
        rows[number].focus({ preventScroll: true });
      }
      back.disabled = number === 0;
      next.disabled = number === rows.length - 1;
      whole.disabled = number === null;
      place.textContent = number === null
        ? `${rows.length} steps`
        : `step ${number + 1} of ${rows.length}`;
      note.textContent = number === null ? HINT : details[number].note;
      inside.replaceChildren(...(number === null ? [] : opened(details[number])));
      panel.scrollTop = 0;
      panel.classList.toggle('open', number !== null);
      if (number !== null) {
        bringIntoView(rows[number]);
      }
      return true;
    }

    // The controls stick to the top of the window and the panel to its end: the row shall be between.
    function bringIntoView(row) {
      const box = row.getBoundingClientRect();
      const top = controls.getBoundingClientRect().bottom;
      const end = Math.min(panel.getBoundingClientRect().top, window.innerHeight);
      if (box.top < top) {
        window.scrollBy(0, box.top - top - 20);
      } else if (box.bottom > end) {
        window.scrollBy(0, box.bottom - end + 20);
      }
    }
  }

  // A segment's bytes, and its layers. A call has none.
  function opened(detail) {
    if (detail.hex === undefined) {
      return [];
    }
    const bytes = detail.hex.match(/../g).map(hex => element('span', 'byte', hex));
    const dump = element('div', 'bytes');
    dump.setAttribute('role', 'img');
    dump.setAttribute('aria-label', `all ${bytes.length} bytes of the frame, in hexadecimal`);
    dump.append(...bytes);
    const layers = element('div', 'layers');
    for (const [name, summary, fields] of detail.layers) {
      layers.append(layer(name, summary, fields, bytes));
    }
    return [dump, layers];
  }

  function layer(name, summary, fields, bytes) {
    const box = element('details', `layer ${name}`);
    box.open = name === 'application' || name === 'transport';
    const head = element('summary', '');
    head.append(element('b', '', name), ' ', element('span', 'what', summary));
    box.append(head);
    const extent = fields.reduce((sum, field) => sum + field[3], 0);
    if (extent > 0) {
      lights(head, bytes, fields[0][2], extent);
    }
    const list = element('dl', '');
    for (const [label, value, start, len] of fields) {
      const field = element('div', 'field');
      field.tabIndex = 0;
      field.append(element('dt', '', label), element('dd', '', value));
      lights(field, bytes, start, len);
      for (const byte of bytes.slice(start, start + len)) {
        byte.classList.add(name);
        byte.addEventListener('mouseenter', () => field.classList.add('lit'));
        byte.addEventListener('mouseleave', () => field.classList.remove('lit'));
      }
      list.append(field);
    }
    if (fields.length > 0) {
      box.append(list);
    }
    return box;
  }

  // While the reader is at `source`, these bytes are marked.
  function lights(source, bytes, start, len) {
    const mark = lit => () => {
      for (const byte of bytes.slice(start, start + len)) {
        byte.classList.toggle('lit', lit);
      }
    };
    source.addEventListener('mouseenter', mark(true));
    source.addEventListener('focus', mark(true));
    source.addEventListener('mouseleave', mark(false));
    source.addEventListener('blur', mark(false));
  }

  function button(text, act) {
    const made = element('button', '', text);
    made.type = 'button';
    made.addEventListener('click', act);
    return made;
  }

  function element(kind, classes, text) {
    const made = document.createElement(kind);
    made.className = classes;
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  }
})();
