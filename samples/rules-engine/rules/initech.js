// A flat fee for deliveries abroad.
const total = order.items.reduce((sum, item) => sum + item.price * item.count, 0);
return order.country === 'DE' ? total : total + 15;
