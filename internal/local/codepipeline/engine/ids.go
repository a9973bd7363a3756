package engine

import (
	"fmt"
	"strings"
	"time"
)

const (
	upperAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	alphanumeric      = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	hexadecimal       = "0123456789abcdef"
	digits            = "0123456789"
)

// newID is a random UUID (version 4) in lower-case hexadecimal.
func (e *Engine) newID() string {
	hi, lo := e.rand.Uint64(), e.rand.Uint64()
	hi = hi&^0xf000 | 0x4000
	lo = lo&^(3<<62) | 1<<63
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&(1<<48-1))
}

// letters are n random characters out of alphabet.
func (e *Engine) letters(n int, alphabet string) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[e.rand.IntN(len(alphabet))])
	}
	return b.String()
}

// pause is a random time within the pace.
func (e *Engine) pause() time.Duration {
	p := e.opts.Pace
	if p.Max <= p.Min {
		return p.Min
	}
	return p.Min + time.Duration(e.rand.Int64N(int64(p.Max-p.Min)))
}

// cut is the first n bytes of an ASCII name.
func cut(name string, n int) string { return name[:min(n, len(name))] }
