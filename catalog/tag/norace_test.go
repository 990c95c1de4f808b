//go:build !race

package tag

const raced = false
