package store

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/approval"
	"github.com/signalbox/signalbox/internal/audit"
)

// tails remembers where chains ended when this process last wrote to them.
// That is a guess, which saves a warm function a read: the write is
// conditional on it, and when the guess is wrong the head is read.
type tails struct {
	mu  sync.Mutex
	all map[string]*tail
}

func newTails() *tails { return &tails{all: map[string]*tail{}} }

// of returns the tail of a chain.
func (t *tails) of(chain string) *tail {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.all[chain]
	if one == nil {
		one = &tail{turn: make(chan struct{}, 1)}
		t.all[chain] = one
	}
	return one
}

// A tail is the end of one chain. Whoever writes to the chain holds its turn:
// writers in one process would only refuse each other.
type tail struct {
	turn chan struct{} // full while somebody holds it
	head audit.Head    // as it was left
	sure bool          // whether head is known
}

// take waits for the turn.
func (t *tail) take(ctx context.Context) error {
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *tail) leave() { <-t.turn }

// headOf is the head of a chain as far as t knows, and else as it is stored.
func (s *Store) headOf(ctx context.Context, t *tail, chain string) (audit.Head, error) {
	if t.sure {
		return t.head, nil
	}
	return s.Head(ctx, chain)
}

// Head reads where a chain ends. Of a chain that has no entries it is zero, but
// for the name.
func (s *Store) Head(ctx context.Context, chain string) (audit.Head, error) {
	h := audit.Head{Chain: chain}
	item, err := s.get(ctx, headKey(chain))
	if errors.Is(err, approval.ErrNotFound) {
		return h, nil
	}
	if err != nil {
		return audit.Head{}, fmt.Errorf("read the head of audit chain %s: %w", chain, err)
	}
	if h.Seq, err = numberOf(item, seq); err != nil {
		return audit.Head{}, fmt.Errorf("decode the head of audit chain %s: %w", chain, err)
	}
	h.Hash = textOf(item, hash)
	return h, nil
}

// moveHead is the write that moves the head of a chain, provided that it is
// where it was read. The hash is compared as well as the number: after the table
// was restored from a backup the chain may have reached the same number again.
func (s *Store) moveHead(from, to audit.Head) types.Put {
	item := headKey(to.Chain).item()
	item[seq] = number(to.Seq)
	item[hash] = text(to.Hash)
	if from.Seq == 0 {
		return s.putNew(item)
	}
	p := s.put(item)
	p.ConditionExpression = aws.String("#seq = :seq AND #hash = :hash")
	p.ExpressionAttributeNames = map[string]string{"#seq": seq, "#hash": hash} // reserved words
	p.ExpressionAttributeValues = map[string]types.AttributeValue{":seq": number(from.Seq), ":hash": text(from.Hash)}
	return p
}
