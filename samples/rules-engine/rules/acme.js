// Five percent off above 500, and pens by the dozen.
const total = order.items.reduce((sum, item) => {
  const paid = item.sku === 'pen' ? item.count - Math.floor(item.count / 12) : item.count;
  return sum + item.price * paid;
}, 0);
return total > 500 ? total * 0.95 : total;
