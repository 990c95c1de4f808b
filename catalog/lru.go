package catalog

import "container/list"

// lru keeps the values used last, as many as fit its limit in bytes. It is not safe for
// concurrent use: its owner locks.
type lru[K comparable, V any] struct {
	limit, used int
	order       *list.List // most recently used first
	entries     map[K]*list.Element
}

type lruEntry[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

func newLRU[K comparable, V any](limit int) *lru[K, V] {
	return &lru[K, V]{limit: limit, order: list.New(), entries: map[K]*list.Element{}}
}

func (c *lru[K, V]) get(key K) (value V, ok bool) {
	element, ok := c.entries[key]
	if !ok {
		return value, false
	}
	c.order.MoveToFront(element)
	return element.Value.(*lruEntry[K, V]).value, true
}

// put remembers a value of that many bytes and drops the values used longest ago beyond the
// limit. A value above the limit is not remembered.
func (c *lru[K, V]) put(key K, value V, bytes int) {
	if old, ok := c.entries[key]; ok {
		c.drop(old)
	}
	if bytes > c.limit {
		return
	}
	c.entries[key] = c.order.PushFront(&lruEntry[K, V]{key, value, bytes})
	c.used += bytes
	for c.used > c.limit {
		c.drop(c.order.Back())
	}
}

func (c *lru[K, V]) drop(element *list.Element) {
	entry := c.order.Remove(element).(*lruEntry[K, V])
	delete(c.entries, entry.key)
	c.used -= entry.bytes
}

func (c *lru[K, V]) clear() {
	c.order.Init()
	clear(c.entries)
	c.used = 0
}
