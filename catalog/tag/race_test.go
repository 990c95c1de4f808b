//go:build race

package tag

// raced says that the race detector watches, under which the engine is a hundred times as slow.
const raced = true
