//go:build race

package release_test

// raced is set when the race detector makes everything slow.
const raced = true
