package approval_test

import "testing"

// BenchmarkVerifyLink reads a token and makes the MAC that KMS would make.
func BenchmarkVerifyLink(b *testing.B) {
	token := linkToken(b, linkClaims())
	for b.Loop() {
		if !genuine(token) {
			b.Fatal("a genuine token is refused")
		}
	}
}
