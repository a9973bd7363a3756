package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/telegraph"
)

// Why DynamoDB cancels a transaction on account of one of its items.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const (
	unblamed  = "None"
	refusing  = "ConditionalCheckFailed"
	busy      = "TransactionConflict" // another write of the item is under way
	throttled = "ThrottlingError"
	exhausted = "ProvisionedThroughputExceeded"
)

// refused reports whether err means that the condition of a single write did
// not hold.
func refused(err error) bool {
	var refusal *types.ConditionalCheckFailedException
	return errors.As(err, &refusal)
}

// inTheWay reports whether err means that a transaction, and no condition,
// kept a single write from being done.
func inTheWay(err error) bool {
	var conflict *types.TransactionConflictException
	return errors.As(err, &conflict)
}

// overtaken reports whether err means that somebody else has written what a
// single write was to, or is about to.
func overtaken(err error) bool { return refused(err) || inTheWay(err) }

// blame says for each item of a transaction, in their order, whether it is why
// the transaction was canceled. It says nothing about any other error.
func blame(err error) []string {
	var canceled *types.TransactionCanceledException
	if !errors.As(err, &canceled) {
		return nil
	}
	codes := make([]string, len(canceled.CancellationReasons))
	for i, r := range canceled.CancellationReasons {
		codes[i] = aws.ToString(r.Code)
	}
	return codes
}

// blamed reports whether the first item of a transaction is to blame for err in
// the given way.
func blamed(err error, code string) bool {
	codes := blame(err)
	return len(codes) > 0 && codes[0] == code
}

// conflict is err in telegraph's words. It stays unless somebody else has
// written, or is writing, what the write that failed with it was to.
func conflict(err error) error {
	if overtaken(err) || blamed(err, refusing) || slices.Contains(blame(err), busy) {
		return telegraph.ErrConflict
	}
	return err
}

// patient makes the client try a single write again when a transaction was in
// the way, which says nothing about whether the write is welcome.
func patient(o *dynamodb.Options) {
	if o.Retryer != nil {
		o.Retryer = contended{o.Retryer}
	}
}

type contended struct{ aws.Retryer }

func (c contended) IsErrorRetryable(err error) bool {
	return inTheWay(err) || c.Retryer.IsErrorRetryable(err)
}

// pause waits before the try after the given one, counted from 1: longer each
// time, up to a fifth of a second, and by chance, so that those who got in each
// other's way part. It ends early with ctx.
func pause(ctx context.Context, try int) {
	const first, most = 10 * time.Millisecond, 200 * time.Millisecond
	nominal := min(first<<min(try-1, 10), most)
	timer := time.NewTimer(rand.N(nominal)) //nolint:gosec // spreads load and protects nothing
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
