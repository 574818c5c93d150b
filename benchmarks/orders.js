const since = '2026-01-01';
const page = await callTool('orders:list', { since, limit: 200, status: ['open', 'late'] });
const byCustomer = {};
for (const order of page.items) {
  if (!order.customer || order.total <= 0) continue;
  const known = byCustomer[order.customer.id] ?? { name: order.customer.name, orders: 0, total: 0, late: [] };
  known.orders += 1;
  known.total = Math.round((known.total + order.total) * 100) / 100;
  if (order.status === 'late') known.late.push({ id: order.id, days: order.daysLate });
  byCustomer[order.customer.id] = known;
}
const ranked = Object.entries(byCustomer)
  .map(([id, entry]) => ({ id, ...entry, average: entry.total / entry.orders }))
  .filter((entry) => entry.total > 100 || entry.late.length > 0)
  .sort((a, b) => b.total - a.total)
  .slice(0, 10);
console.log(`${ranked.length} customers of ${page.items.length} orders`);
return { since, count: ranked.length, customers: ranked, note: ranked.length === 0 ? 'nothing found' : null };
