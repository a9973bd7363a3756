package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/audit"
)

const (
	// maxEntries is how many entries fit into one transaction of at most 100
	// items: two for each, a request, its pointer, the head, and the chain's
	// place in the list of chains.
	maxEntries = 48

	// maxTries is how often a transaction is tried when the chain has moved on
	// meanwhile. Each time somebody else has come further.
	maxTries = 10
)

// Append writes entries to the end of their chain, all of one chain. An entry
// whose ID is in the chain already is left out, so that appending again does
// no harm.
func (s *Store) Append(ctx context.Context, entries ...audit.Entry) error {
	for len(entries) > 0 {
		n := min(len(entries), maxEntries)
		if err := s.commit(ctx, batch{}, entries[:n]); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}

// A batch is what one transaction writes.
type batch struct {
	// items come first. Only the first may have a condition, and taken is what
	// it means when that does not hold.
	items []types.Put
	taken error
	// chain gets the entries, which are not linked yet.
	chain   string
	entries []audit.Entry
}

// commit writes b and links the entries to the end of their chain. Entries that
// are there already are left out. Those that do not fit into the transaction
// are written before it, so that nothing is stored without them.
func (s *Store) commit(ctx context.Context, b batch, entries []audit.Entry) error {
	if len(entries) > maxEntries {
		if err := s.Append(ctx, entries[maxEntries:]...); err != nil {
			return err
		}
		entries = entries[:maxEntries]
	}
	var err error
	if b.chain, b.entries, err = s.signed(entries); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	t := s.tails.of(b.chain)
	if err := t.take(ctx); err != nil {
		return fmt.Errorf("wait to write to audit chain %s: %w", b.chain, err)
	}
	defer t.leave()
	for try := 1; len(b.items)+len(b.entries) > 0; try++ {
		err := s.transact(ctx, t, b)
		if err == nil {
			return nil
		}
		var final error
		if b, final = b.after(err); final != nil {
			return final
		}
		if try == maxTries || ctx.Err() != nil {
			return fmt.Errorf("write to audit chain %s, tried %d times: %w", b.chain, try, err)
		}
		pause(ctx, try)
	}
	return nil
}

// signed returns entries with the identity that writes them, each ID once, and
// their chain.
func (s *Store) signed(entries []audit.Entry) (chain string, signed []audit.Entry, err error) {
	seen := map[string]bool{}
	for _, e := range entries {
		switch {
		case e.ID == "" || e.Chain == "":
			return "", nil, fmt.Errorf("audit entry %q of chain %q lacks one of the two", e.ID, e.Chain)
		case chain != "" && e.Chain != chain:
			return "", nil, fmt.Errorf("audit entry %s is of chain %s and not, as the one before, of %s", e.ID, e.Chain, chain)
		case seen[e.ID]:
			continue
		}
		chain = e.Chain
		seen[e.ID] = true
		if e.Identity == "" {
			e.Identity = s.identity
		}
		signed = append(signed, e)
	}
	return chain, signed, nil
}

// transact tries once to write b, whose turn t is.
func (s *Store) transact(ctx context.Context, t *tail, b batch) error {
	puts := b.items
	var head audit.Head
	if len(b.entries) > 0 {
		var err error
		var links []types.Put
		if links, head, err = s.extend(ctx, t, b); err != nil {
			return err
		}
		puts = append(puts[:len(puts):len(puts)], links...)
	}
	items := make([]types.TransactWriteItem, len(puts))
	for i := range puts {
		items[i].Put = &puts[i]
	}
	// The client gives the call a token, by which DynamoDB knows a repetition
	// whose first answer was lost.
	_, err := s.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
	if len(b.entries) > 0 {
		t.head, t.sure = head, err == nil
	}
	return err
}

// extend links the entries of b and returns the writes that this takes, with the
// head that they lead to: a marker for each entry, the entries, the head, and
// the chain's place in the list with its first entry.
func (s *Store) extend(ctx context.Context, t *tail, b batch) ([]types.Put, audit.Head, error) {
	from, err := s.headOf(ctx, t, b.chain)
	if err != nil {
		return nil, audit.Head{}, err
	}
	var markers, entries []types.Put
	to := from
	for _, e := range b.entries {
		e, to = audit.Next(to, e)
		item, err := entryItem(e)
		if err != nil {
			return nil, audit.Head{}, err
		}
		marker := markerKey(b.chain, e.ID).item()
		marker[seq] = number(e.Seq)
		markers = append(markers, s.putNew(marker))
		entries = append(entries, s.putNew(item))
	}
	puts := append(append(markers, entries...), s.moveHead(from, to))
	if from.Seq == 0 {
		puts = append(puts, s.put(key{chains, b.chain}.item()))
	}
	return puts, to, nil
}

// after is what is left of b to try again after err, or what err means when it
// is final. The reasons of a canceled transaction are in the order of its items.
func (b batch) after(err error) (batch, error) {
	if b.taken != nil && blamed(err, refusing) {
		return b, b.taken
	}
	there := map[string]bool{}
	again := false
	for i, code := range blame(err) {
		switch code {
		case unblamed:
			continue
		case refusing, busy, throttled, exhausted:
			again = true
		default:
			return b, err
		}
		// The markers come after the items, in the order of the entries.
		if n := i - len(b.items); code == refusing && n >= 0 && n < len(b.entries) {
			there[b.entries[n].ID] = true
		}
	}
	if !again {
		return b, err
	}
	b.entries = slices.DeleteFunc(slices.Clone(b.entries), func(e audit.Entry) bool { return there[e.ID] })
	return b, nil
}

func entryItem(e audit.Entry) (map[string]types.AttributeValue, error) {
	if e.Seq > lastSeq {
		return nil, errors.New("audit chain " + e.Chain + " is full")
	}
	encoded, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode audit entry %s: %w", e.ID, err)
	}
	item := entryKey(e.Chain, e.Seq).item()
	item[doc] = text(string(encoded))
	return item, fits(item, "audit entry "+e.ID)
}
