// What the plugin adds to the dashboard: on an order what was charged and why, and two pages about what the shop lacks.
import { defineDashboardExtension, type DashboardFormComponent } from '@vendure/dashboard';
import { CustomsDataPage } from './customs-data';
import { OrderBlock } from './order-block';
import { SetupPage } from './setup';

/** The stored quote is JSON for programs; people find it in the block above. */
const Kept: DashboardFormComponent = ({ value }) => <p className="text-sm">{value ? 'Kept with the order. Read it under "Duty, tax and fees".' : 'Nothing is kept.'}</p>;

const Suggestions: DashboardFormComponent = ({ value }) => {
  const list: { code: string; title: string; percent: number }[] = value ? JSON.parse(value) : [];
  if (list.length === 0) return <p className="text-sm">None. Look for some on the page "Customs data".</p>;
  return <ul className="text-sm">{list.map(({ code, title, percent }) => <li key={code}>{code}: {title} ({percent} %)</li>)}</ul>;
};

defineDashboardExtension({
  pageBlocks: [{
    id: 'tidewaiter-landed-cost', title: 'Duty, tax and fees',
    location: { pageId: 'order-detail', column: 'main', position: { blockId: 'order-table', order: 'after' } },
    component: OrderBlock, requiresPermission: ['ReadOrder'],
  }],
  routes: [
    {
      path: '/customs-data', component: () => <CustomsDataPage />, loader: () => ({ breadcrumb: 'Customs data' }),
      navMenuItem: { sectionId: 'catalog', id: 'tidewaiter-customs-data', title: 'Customs data', requiresPermission: ['ReadCatalog', 'ReadProduct'] },
    },
    {
      path: '/customs-registrations', component: () => <SetupPage />, loader: () => ({ breadcrumb: 'Customs: your shop' }),
      navMenuItem: { sectionId: 'settings', id: 'tidewaiter-setup', title: 'Customs: your shop', requiresPermission: ['ReadCatalog', 'ReadProduct'] },
    },
  ],
  customFormComponents: { customFields: [{ id: 'tidewaiter.kept', component: Kept }, { id: 'tidewaiter.suggestions', component: Suggestions }] },
});
