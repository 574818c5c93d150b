// A rule that never comes to an end.
let total = 0;
for (let i = 0; total >= 0; i++) total += order.items[0].price;
return total;
