// A rule that never ends.
let total = 0;
for (let i = 0; total >= 0; i++) total += order.items[0].price;
return total;
