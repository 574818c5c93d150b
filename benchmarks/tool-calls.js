// Which customers are late with invoices, and what they owe in euros.
async function run({ since, limit = 20 }) {
  const rates = await tools.exchangeRates({ base: "EUR" });
  const customers = await tools.listCustomers({ active: true });
  const late = [];
  for (const { id, name, currency } of customers) {
    const invoices = await tools.listInvoices({ customer: id, since });
    const open = invoices.filter((invoice) => !invoice.paid && new Date(invoice.due) < Date.now());
    if (open.length === 0) continue;
    const owed = open.reduce((sum, { amount }) => sum + amount, 0) / (rates[currency] ?? 1);
    late.push({ id, name, owed: Math.round(owed * 100) / 100, oldest: open[0].due, count: open.length });
  }
  late.sort((a, b) => b.owed - a.owed || a.name.localeCompare(b.name));
  const total = late.map((customer) => customer.owed).reduce((a, b) => a + b, 0);
  await tools.log(`${late.length} late customers owe ${total.toFixed(2)} EUR since ${since}`);
  return { total, late: late.slice(0, limit) };
}
