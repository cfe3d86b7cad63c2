// The build of the dashboard, as Vendure's guide has it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { vendureDashboardPlugin } from '@vendure/dashboard/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/dashboard',
  build: { outDir: join(import.meta.dirname, 'built') },
  plugins: [vendureDashboardPlugin({ vendureConfigPath: pathToFileURL('./vendure-config.ts'), gqlOutputPath: './built-types', api: { host: 'auto', port: 'auto' } })],
});
