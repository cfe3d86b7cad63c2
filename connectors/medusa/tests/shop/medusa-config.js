// The shop of the tests: a plain Medusa with the plugin, as a merchant would write it. What differs from test to test comes from outside.
const { defineConfig } = require('@medusajs/framework/utils');

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { ssl: false },
    http: { storeCors: '*', adminCors: '*', authCors: '*', jwtSecret: 'of tests', cookieSecret: 'of tests' },
  },
  admin: { disable: process.env.SHOP_ADMIN !== 'yes' },
  plugins: [{ resolve: '@tidewaiter/medusa-plugin', options: JSON.parse(process.env.SHOP_OPTIONS) }],
});
