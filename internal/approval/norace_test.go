//go:build !race

package approval_test

const raceDetector = false
