// A shop with the plugin and the dashboard, as a build of the dashboard reads it.
import type { VendureConfig } from '@vendure/core';
import { DashboardPlugin } from '@vendure/dashboard/plugin';
import { TidewaiterPlugin } from '@tidewaiter/vendure-plugin';

export const config: VendureConfig = {
  apiOptions: { port: 3000, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: { tokenMethod: ['bearer', 'cookie'] },
  dbConnectionOptions: { type: 'sqljs' },
  paymentOptions: { paymentMethodHandlers: [] },
  plugins: [
    TidewaiterPlugin.init({ url: 'http://127.0.0.1:8080', consignment: { from: 'CN' } }),
    DashboardPlugin.init({ route: 'dashboard', appDir: './built' }),
  ],
};
