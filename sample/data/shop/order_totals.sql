SELECT c.id, c.name, c.country, COUNT(o.id) AS orders, SUM(o.total) AS total
FROM shop.customers AS c
LEFT JOIN shop.orders AS o ON o.customer_id = c.id AND o.status != 'cancelled'
GROUP BY c.id, c.name, c.country
