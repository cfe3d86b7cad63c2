// The same for `require`: the package itself is ESM, and everything in it that waits can wait for that.
'use strict';

const loaded = import('./index.js');

exports.Tidewaiter = {
  async open(bytes, options) {
    const { Tidewaiter } = await loaded;
    return Tidewaiter.open(bytes, options);
  },
};

exports.engine = (book) => ({
  name: 'offline',
  async quote(consignment, signal) {
    const { engine } = await loaded;
    return engine(book).quote(consignment, signal);
  },
  get data_age_days() {
    return book.data_age_days();
  },
});
